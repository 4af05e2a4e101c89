/** Compares what the provider lists with what was stored. */
import type { Nanos } from '../../core/contract';
import type { Interval } from '../../core/walk/intervals';
import type { Ledger } from '../store/sqlite/ledger';
import { PLACES, type Counts, type Finding } from './result';
import type { Slice } from './rewalk';

/** Missing ids that are held; beyond that only their number is. */
const HELD = 10_000;

export function comparer(ledger: Ledger) {
	const counts = { listed: 0, dropped: 0, gone: 0, unreadable: 0, waiting: 0, deadLettered: 0 };
	let missing: { id: string; time: Nanos }[] = [];
	let beyond = 0;
	const unkept = new Set<string>();
	const unreadable = new Set<string>();

	/**
	 * While a daemon runs, a second look may ship what was missing, and the oldest entries are forgotten. And what the provider lists
	 * with another time than before was stored anyway: it is looked for without its time, once for all.
	 */
	function stillMissing(): void {
		const claim = ledger.spans();
		const known = claim?.spans[0]?.from ?? claim?.watermark ?? 0n;
		missing = missing.filter((event) => event.time >= known && ledger.find(event) === undefined);
		const moved = new Set(ledger.anywhere(missing));
		missing = missing.filter((event) => !moved.has(event));
	}

	return {
		slice({ events, invalid, ...span }: Slice): void {
			let found = 0;
			for (const event of events) {
				const kind = ledger.find(event);
				if (kind !== undefined) found++;
				else if (missing.length < HELD) missing.push({ id: event.id, time: event.time });
				else beyond++;
				if (kind === 'dropped') counts.dropped++;
			}
			counts.listed += events.length;
			counts.gone += Math.max(0, ledger.count(span) - found);
			for (const { id } of invalid) {
				unreadable.add(id);
				if (!ledger.isDeadLetter(id)) unkept.add(id);
			}
		},

		/** @param spans those that were read */
		end(spans: readonly Interval[]): { counts: Counts; finding: Finding } {
			stillMissing();
			for (const span of spans) {
				counts.waiting += ledger.waiting(span);
				counts.deadLettered += ledger.deadLettered(span);
			}
			const lost = missing.length + beyond;
			const { listed, dropped, waiting, deadLettered } = counts;
			const acknowledged = Math.max(0, listed - lost - dropped - waiting - deadLettered);
			return {
				counts: { ...counts, acknowledged, missing: lost, unreadable: unreadable.size },
				finding: judge(listed, lost),
			};
		},
	};

	function judge(listed: number, lost: number): Finding {
		const check = 're-walk';
		if (lost > 0) {
			const where = missing.slice(0, PLACES).map((event) => ({ ...event, why: 'missing' }));
			return { check, verdict: 'broken', detail: `${lost} of ${listed} listed events were never shipped`, where };
		}
		if (unkept.size > 0) {
			const detail = `${unkept.size} listed elements are not events, and are not among the dead letters`;
			return {
				check,
				verdict: 'unknown',
				detail,
				where: [...unkept].slice(0, PLACES).map((id) => ({ id, why: 'unreadable' })),
			};
		}
		return { check, verdict: 'proven', detail: `all ${listed} listed events were stored` };
	}
}
