/** What waits for a person, in words: the same in /readyz, on the status page and in `status`. */
import { toMillis } from '../../core/time';
import type { Pile, Unseen } from '../store/unseen';

export interface Matter {
	rule: 'dead_letters' | 'gaps' | 'verify_broken';
	source: string;
	/** Milliseconds since the epoch. */
	sinceMs: number;
	message: string;
	/** What to do about it. */
	fix: string;
}

export function mattersOf(unseen: readonly Unseen[]): Matter[] {
	return unseen.flatMap(({ stream: source, deadLetters, gaps, brokenAt }) => {
		const matters: Matter[] = [];
		if (deadLetters) {
			const fix = `run audit-relay dead-letters list --source ${source}; then retry, or export and discard them`;
			matters.push({ rule: 'dead_letters', source, ...told(deadLetters, 'dead letter'), fix });
		}
		if (gaps) {
			const fix = `run audit-relay gaps list --source ${source}; then gaps acknowledge --all --source ${source}`;
			matters.push({ rule: 'gaps', source, ...told(gaps, 'gap'), fix });
		}
		if (brokenAt !== undefined) {
			const message = 'the last completeness check found it broken';
			const fix = `run audit-relay verify --source ${source}; then verify --acknowledge --source ${source}`;
			matters.push({ rule: 'verify_broken', source, sinceMs: toMillis(brokenAt), message, fix });
		}
		return matters;
	});
}

function told({ count, since, reasons }: Pile, what: string): Pick<Matter, 'sinceMs' | 'message'> {
	const kinds = Object.entries(reasons).map(([reason, n]) => `${n} ${reason}`);
	return { sinceMs: toMillis(since), message: `${count} ${what}${count === 1 ? '' : 's'} (${kinds.join(', ')})` };
}
