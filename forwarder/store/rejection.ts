/** What did not reach its destination is recorded: the gap record that goes with dead letters. */
import type { Gap } from '../../core/walk/contract';
import { DOUBTFUL, type DeadLetter } from './contract';

/** One for all of them; undefined when there is nothing to say. A refused gap record makes no further one. */
export function rejection(deadLetters: readonly DeadLetter[], destination: string): Gap | undefined {
	const dated = deadLetters.flatMap(({ time, reason }) => (time === undefined ? [] : { time, reason }));
	if (dated.length === 0) return undefined;
	const times = dated.map(({ time }) => time);
	const doubtful = dated.filter(({ reason }) => reason === DOUBTFUL).length;
	const said = [
		doubtful < dated.length && refused(dated, destination),
		doubtful > 0 &&
			`${events(doubtful)} may be missing at destination ${destination}, which took a part and did not say which`,
	];
	return {
		reason: 'rejected',
		from: times.reduce((a, b) => (b < a ? b : a)),
		to: times.reduce((a, b) => (b > a ? b : a)),
		detail: `${said.filter(Boolean).join('; ')}; see audit-relay dead-letters list`,
	};
}

function refused(dated: readonly { reason: string }[], destination: string): string {
	const counts = new Map<string, number>();
	for (const { reason } of dated) if (reason !== DOUBTFUL) counts.set(reason, (counts.get(reason) ?? 0) + 1);
	const total = [...counts.values()].reduce((all, count) => all + count);
	const reasons = [...counts].map(([reason, count]) => (counts.size > 1 ? `${count} ${reason}` : reason)).join(', ');
	return `${events(total)} are dead letters of destination ${destination} (${reasons})`;
}

const events = (count: number) => `${count} event${count === 1 ? '' : 's'}`;
