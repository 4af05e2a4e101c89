/** What people want done at once: noted as an action, which every worker finds with its next beat. */
import { wishText, type Wish, type Wishes } from '../wishes';
import type { Action, Who } from '../actions';
import { TURN } from './actions';
import type { Beside } from './beside';
import type { Queries } from './queries';
import { sql, statement } from './sql';

export async function wish(state: Beside, wanted: Wish, { by, at }: Who): Promise<Action> {
	const what = wishText(wanted);
	const name = wanted.kind === 'poll' ? wanted.source : wanted.destination;
	await state.read(
		sql`WITH turn AS (${TURN}) INSERT INTO @actions (at, by, what, wish, name)
			SELECT ${at}::bigint, ${by}::text, ${what}::text, ${wanted.kind}::text, ${name}::text FROM turn`,
	);
	return { by, at, what };
}

interface Found {
	last: string;
	paused: string[];
	wishes: { wish: Wish['kind']; name: string }[];
}

/** One statement for all there is, however many shards a worker has. What was wanted before the first look is over. */
export function followWishes(queries: Pick<Queries, 'query'>, schema: string): () => Promise<Wishes> {
	let last: string | undefined;
	return async () => {
		const { text, values } = statement(
			sql`SELECT (SELECT coalesce(max(id), 0) FROM @actions)::text AS last,
				ARRAY(SELECT source FROM @paused_sources) AS paused,
				(SELECT coalesce(json_agg(w ORDER BY id), '[]') FROM (
					SELECT id, wish, name FROM @actions WHERE id > ${last ?? null}::bigint AND wish IS NOT NULL
				) w) AS wishes`,
			schema,
		);
		const [found] = await queries.query<Found>(text, values);
		last = found!.last;
		return { paused: found!.paused, wishes: found!.wishes.map(({ wish: kind, name }) => wishOf(kind, name)) };
	};
}

const wishOf = (kind: Wish['kind'], name: string): Wish =>
	kind === 'poll' ? { kind, source: name } : { kind, destination: name };
