/** Which dead letters would stop their destination, wait for ever or come straight back if they were sent again. */
import { toMillis } from '../../core/time';
import type { DestinationConfig } from '../config/types';
import type { LetterHead } from '../store/deadLetters';

export interface Configured {
	sources: { has(name: string): boolean };
	destinations: { get(name: string): Pick<DestinationConfig, 'name' | 'maxEventAgeMs'> | undefined };
}

/** Why a letter must stay; undefined: it may travel. @param force also what is older than the destination takes */
export function whyNotRetried({ sources, destinations }: Configured, nowMs: number, force = false) {
	return ({ stream, destination = '', time }: LetterHead): string | undefined => {
		const target = destinations.get(destination);
		// such a batch would stop its destination, or wait forever
		if (!sources.has(stream)) return `no source "${stream}" is configured`;
		if (!target) return `no destination "${destination}" is configured`;
		const { maxEventAgeMs } = target;
		if (force || maxEventAgeMs === undefined || time === undefined) return undefined;
		if (toMillis(time) >= nowMs - maxEventAgeMs) return undefined;
		return `it is older than maxEventAge of ${target.name}, so it would come straight back; raise maxEventAge, or --force`;
	};
}
