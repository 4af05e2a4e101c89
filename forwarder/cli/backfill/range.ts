/** Which part of the past a command means: what cannot be right is a mistake of whoever typed it. */
import type { Nanos } from '../../../core/contract';
import { formatInstant, fromMillis } from '../../../core/time';
import { agreed, rangeText, readRange as read, type Agreed, type Asked } from '../../run/range';
import type { Backfill } from '../../store/backfill';
import { UsageError } from '../exit';

/** Throws `UsageError`. */
export function readRange(given: { from?: string; to?: string }, nowMs: number): Asked {
	if (given.from === undefined && given.to !== undefined) throw new UsageError('--to needs --from as well');
	const range = read(given, nowMs);
	if (!('mistake' in range)) return range;
	throw new UsageError(`--${range.key} ${given[range.key]}: ${range.mistake}; ${range.fix}`);
}

/** Throws `UsageError` when neither the unfinished job nor a new one can be right. */
export function agree(
	asked: Asked,
	start: Nanos,
	unfinished: Backfill | undefined,
	nowMs: number,
): Extract<Agreed, { kind: 'goOn' | 'begin' }> {
	const found = agreed(asked, start, unfinished);
	switch (found.kind) {
		case 'another':
			throw new UsageError(
				`an unfinished back-fill of ${found.job.stream} is there: ${rangeText(found.job)}. Finish it without --from, ` +
					`or end it with --cancel`,
			);
		case 'noFrom':
			throw new UsageError('--from is missing, and there is no unfinished back-fill to resume');
		case 'tooLate': {
			const age = asked.from! >= fromMillis(nowMs) ? '' : ' already';
			throw new UsageError(
				`nothing to do: events from ${formatInstant(start, 0)} on are read by \`run\`${age}; --from must be earlier`,
			);
		}
		case 'empty':
			throw new UsageError('--from must be earlier than --to');
		default:
			return found;
	}
}
