/** What the role may do with the tables that are there. */
import { StateError } from '../stateError';
import type { Queries } from './queries';

/** Throws `StateError`. Partitions are made and emptied all the time, which only the owner of a table may do. */
export async function mayWrite(queries: Pick<Queries, 'query'>, schema: string): Promise<void> {
	const [row] = await queries.query<{ role: string; owners: string[]; creates: boolean }>(
		`SELECT current_user::text AS role, has_schema_privilege($1, 'CREATE') AS creates,
			(SELECT coalesce(array_agg(DISTINCT pg_get_userbyid(relowner)::text), '{}') FROM pg_class
				WHERE relnamespace = $1::regnamespace AND relname IN ('meta', 'shards', 'batches', 'pages') AND NOT pg_has_role(relowner, 'USAGE')) AS owners`,
		[schema],
	);
	const { role, owners, creates } = row!;
	if (owners.length > 0) {
		const owner = owners.join(', ');
		throw new StateError(
			`the tables of the schema ${schema} belong to ${owner}, and the role ${role} may not change them; use that role in state.url, or GRANT ${owners[0]} TO ${role}`,
		);
	}
	if (!creates)
		throw new StateError(
			`the role ${role} may make no tables in the schema ${schema}; GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${role}`,
		);
}
