/** Which shard keeps the state of which stream. */
import type { Queries } from './queries';
import { named } from './schema';

/** Of all that have been opened once, by name. */
export async function shardsOf(queries: Pick<Queries, 'query'>, schema: string): Promise<Map<string, number>> {
	const rows = await queries.query<{ name: string; shard: number }>(named('SELECT name, shard FROM @streams', schema));
	return new Map(rows.map(({ name, shard }) => [name, shard]));
}
