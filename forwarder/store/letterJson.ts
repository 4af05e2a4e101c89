import { formatInstant } from '../../core/time';
import type { LetterHead } from './deadLetters';

/** For machines: instants as text, and no field that is absent. */
export function letterJson({ at, observed, time, stream, destination, ...rest }: LetterHead) {
	return {
		...rest,
		source: stream,
		at: formatInstant(at, 9),
		destination: destination ?? null,
		observed: formatInstant(observed, 9),
		time: time === undefined ? null : formatInstant(time, 9),
	};
}
