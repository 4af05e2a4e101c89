/** Whether a state can be kept in a database, found out without leaving anything there. */
import { StateError } from '../stateError';
import type { Queries } from './queries';
import { isSetUp, migrate, readMeta } from './schema';

export type TriedDatabase = 'set up' | 'to be set up';

class UndoIt extends Error {}

/** Throws `StateError` with the fix when it cannot, `DatabaseError` when it did not answer. */
export async function tryDatabase(queries: Queries, schema: string): Promise<TriedDatabase> {
	if (await isSetUp(queries, schema)) {
		await readMeta(queries, schema);
		await mayWrite(queries, schema);
		return 'set up';
	}
	try {
		await queries.transaction('change', async (query) => {
			await migrate({ query }, schema);
			throw new UndoIt();
		});
	} catch (error) {
		if (!(error instanceof UndoIt)) throw error;
	}
	return 'to be set up';
}

/** Partitions are made and emptied all the time, which only the owner of a table may do. */
async function mayWrite(queries: Queries, schema: string): Promise<void> {
	const [row] = await queries.query<{ role: string; owners: string[]; creates: boolean }>(
		`SELECT current_user::text AS role, has_schema_privilege($1, 'CREATE') AS creates,
			(SELECT coalesce(array_agg(DISTINCT pg_get_userbyid(relowner)::text), '{}') FROM pg_class
				WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p') AND NOT pg_has_role(relowner, 'USAGE')) AS owners`,
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
