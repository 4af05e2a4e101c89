/** What did not reach its destination is said aloud: the gap record that goes with dead letters. */
import type { Gap } from '../../polling/contract';
import type { DeadLetter } from './contract';

/** Undefined when there is nothing to say. A refused gap record makes no further one. */
export function rejection(deadLetters: readonly DeadLetter[], destination: string): Gap | undefined {
	const times = deadLetters.flatMap(({ time }) => time ?? []);
	if (times.length === 0) return undefined;
	const reasons = [...new Set(deadLetters.map(({ reason }) => reason))].join(', ');
	return {
		reason: 'rejected',
		from: times.reduce((a, b) => (b < a ? b : a)),
		to: times.reduce((a, b) => (b > a ? b : a)),
		detail: `${times.length} events are dead letters of destination ${destination} (${reasons}); see audit-relay dead-letters list`,
	};
}
