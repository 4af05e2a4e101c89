/** Compares what the provider lists with what was stored. */
import type { Nanos } from '../../core/contract';
import type { Interval } from '../../core/walk/intervals';
import type { Ledger } from '../store/ledger';
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
	async function stillMissing(): Promise<void> {
		const claim = await ledger.spans();
		const known = claim?.spans[0]?.from ?? claim?.watermark ?? 0n;
		const found = await ledger.find(missing);
		missing = missing.filter(({ time }, at) => time >= known && found[at] === undefined);
		const moved = new Set(await ledger.anywhere(missing));
		missing = missing.filter((event) => !moved.has(event));
	}

	return {
		async slice({ events, invalid, ...span }: Slice): Promise<void> {
			const kinds = await ledger.find(events);
			const lost = events.filter((_, at) => kinds[at] === undefined).map(({ id, time }) => ({ id, time }));
			const held = lost.slice(0, HELD - missing.length);
			missing.push(...held);
			beyond += lost.length - held.length;
			counts.dropped += kinds.filter((kind) => kind === 'dropped').length;
			counts.listed += events.length;
			counts.gone += Math.max(0, (await ledger.count(span)) - (events.length - lost.length));
			if (invalid.length === 0) return;
			const ids = invalid.map(({ id }) => id);
			const kept = await ledger.kept(ids);
			for (const id of ids) {
				unreadable.add(id);
				if (!kept.has(id)) unkept.add(id);
			}
		},

		/** @param spans those that were read */
		async end(spans: readonly Interval[]): Promise<{ counts: Counts; finding: Finding }> {
			await stillMissing();
			for (const span of spans) {
				counts.waiting += await ledger.waiting(span);
				counts.deadLettered += await ledger.deadLettered(span);
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
