/** Which part of the past is meant: words to instants, and how they go together with what is there. */
import type { Interval } from '../../../core/walk/intervals';
import type { Nanos } from '../../../core/contract';
import { formatInstant, fromMillis } from '../../../core/time';
import { startOf } from '../../config/buildSource';
import type { Backfill } from '../../store/backfill';
import { UsageError } from '../exit';

export interface Asked {
	from?: Nanos;
	to?: Nanos;
	/** In the user's words, to know the same request again: ages mean other instants each time. */
	text: string;
}

export function readRange({ from, to }: { from?: string; to?: string }, nowMs: number): Asked {
	if (from === undefined && to !== undefined) throw new UsageError('--to needs --from as well');
	return {
		...(from !== undefined && { from: instant('--from', from, nowMs) }),
		...(to !== undefined && { to: instant('--to', to, nowMs) }),
		text: from === undefined ? '' : `${from} to ${to ?? 'start'}`,
	};
}

function instant(option: string, text: string, nowMs: number): Nanos {
	const found = startOf(text, nowMs);
	if (typeof found === 'bigint') return found;
	throw new UsageError(`${option} ${text}: ${found.what}; write an ISO 8601 instant, a date or an age (30d)`);
}

/** `goOn`: with the unfinished job. `begin`: a new one. Throws `UsageError` when neither can be right. */
export function agree(
	asked: Asked,
	start: Nanos,
	unfinished: Backfill | undefined,
	nowMs: number,
): { kind: 'goOn'; job: Backfill } | ({ kind: 'begin'; cut: boolean } & Interval) {
	const { from, to = start } = asked;
	if (unfinished) {
		const within = from === undefined || (from >= unfinished.from && to <= unfinished.to);
		if (within || asked.text === unfinished.asked) return { kind: 'goOn', job: unfinished };
		throw new UsageError(
			`an unfinished back-fill of ${unfinished.stream} is there: ${rangeText(unfinished)}. Finish it without --from, ` +
				`or end it with --cancel`,
		);
	}
	if (from === undefined) throw new UsageError('--from is missing, and there is no unfinished back-fill to resume');
	if (from >= start) {
		const age = from >= fromMillis(nowMs) ? '' : ' already';
		throw new UsageError(
			`nothing to do: events from ${formatInstant(start, 0)} on are read by \`run\`${age}; --from must be earlier`,
		);
	}
	if (from >= to) throw new UsageError('--from must be earlier than --to');
	return { kind: 'begin', cut: to > start, from, to: to < start ? to : start };
}

export function rangeText({ from, to }: Interval): string {
	return `${formatInstant(from, 0)} to ${formatInstant(to, 0)}`;
}
