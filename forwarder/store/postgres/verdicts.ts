/** Outcomes of scheduled completeness checks: kept for `status`, and shipped as records. */
import type { Gap } from '../../../core/walk/contract';
import type { StreamName } from '../contract';
import type { Verdicts } from '../ledger';
import { openLedger } from './ledger';
import { gapsOf } from './letters';
import { commit, type Shared } from './shared';
import { sql } from './sql';
interface Kept {
	at: bigint | null;
	places: string | null;
}
export function openVerdicts(shared: Shared, { name, destinations }: StreamName): Verdicts {
	const { fence, now } = shared;
	const kept = async () => {
		const [row] = await fence.read<Kept>(
			sql`SELECT last_verdict_at AS at, verdict_places AS places FROM @streams WHERE name = ${name}::text`,
		);
		return row ?? { at: null, places: null };
	};
	async function unsaid(gaps: readonly Gap[]): Promise<Gap[]> {
		if (gaps.length === 0) return [];
		const all = <T>(of: (gap: Gap) => T | undefined) => gaps.map((gap) => of(gap) ?? null);
		const said = await fence.read<{ index: bigint }>(
			sql`SELECT DISTINCT v.index FROM @gaps g, unnest(${all(({ reason }) => reason)}::text[], ${all(({ from }) => from)}::bigint[],
					${all(({ to }) => to)}::bigint[], ${all(({ detail }) => detail)}::text[]) WITH ORDINALITY AS v (reason, low, high, detail, index)
				WHERE g.stream = ${name}::text AND g.reason = v.reason AND g."from" IS NOT DISTINCT FROM v.low
					AND g."to" IS NOT DISTINCT FROM v.high AND g.detail = v.detail`,
		);
		const known = new Set(said.map(({ index }) => Number(index) - 1));
		return gaps.filter((_, index) => !known.has(index));
	}
	return {
		ledger: openLedger(shared, name),
		lastAt: async () => (await kept()).at ?? undefined,
		note: (verified, gaps, places) =>
			commit(shared, async () => {
				const observed = now();
				const known = new Set(JSON.parse((await kept()).places ?? '[]') as string[]);
				const isOld = places.length > 0 && places.every((place) => known.has(place));
				const news = isOld ? [] : await unsaid(gaps);
				const verdict = sql`UPDATE @streams s SET last_verdict = ${verified.verdict}::text, last_verdict_at = ${observed}::bigint,
						verdict_places = ${JSON.stringify(places)}::text,
						verdict_acknowledged = CASE WHEN ${isOld}::bool THEN verdict_acknowledged END
					FROM fence WHERE s.name = ${name}::text`;
				return {
					alone: true,
					effects: [verdict, ...(news.length > 0 ? [gapsOf(name, news, observed)] : [])],
					batch: { stream: name, destinations, observed, events: [], gaps: news, verified },
				};
			}),
	};
}
