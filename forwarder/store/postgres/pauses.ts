/** How long rate limits are paused, by the clock of the database: those of two workers need not agree. */
import type { Fence } from './fence';
import { sql } from './sql';

export async function readPauses(fence: Fence): Promise<Map<string, number>> {
	const rows = await fence.read<{ domain: string; ms: number }>(
		sql`SELECT domain, ceil(extract(epoch FROM until - now()) * 1000)::int AS ms FROM @pauses WHERE until > now()`,
	);
	return new Map(rows.map(({ domain, ms }) => [domain, ms]));
}

export async function notePause(fence: Fence, group: string, ms: number): Promise<void> {
	const effect =
		ms > 0
			? sql`INSERT INTO @pauses AS p (domain, until) SELECT ${group}::text, now() + ${Math.ceil(ms)}::int * interval '1 millisecond' FROM held
					ON CONFLICT (domain) DO UPDATE SET until = greatest(p.until, excluded.until)`
			: sql`DELETE FROM @pauses USING held WHERE domain = ${group}::text`;
	await fence.aside([effect], sql`1`);
}
