/** Whether a state can be kept in a database, found out without leaving anything there. */
import type { Queries } from './queries';
import { mayWrite } from './rights';
import { checkWhole, isSetUp, migrate, readMeta } from './schema';

export type TriedDatabase = 'set up' | 'to be set up';

class UndoIt extends Error {}

/** Throws `StateError` with the fix when it cannot, `DatabaseError` when it did not answer. */
export async function tryDatabase(queries: Queries, schema: string): Promise<TriedDatabase> {
	if (await isSetUp(queries, schema)) {
		await checkWhole(queries, schema, await readMeta(queries, schema));
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
