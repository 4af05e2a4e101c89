/** The database of a command that looks at a cluster. */
import type { DatabaseConfig, StatePlace } from '../../config/types';
import type { Beside } from '../../store/postgres/beside';
import type { Database } from '../../store/postgres/database';
import { UsageError } from '../exit';
import type { Io } from '../io';

export interface OpenCluster extends Pick<Database, 'leases' | 'shards'> {
	config: DatabaseConfig;
	beside: Beside;
}

export async function inCluster<T>(
	{ database }: StatePlace,
	{ clock, random }: Pick<Io, 'clock' | 'random'>,
	work: (cluster: OpenCluster) => Promise<T>,
): Promise<T> {
	if (!database)
		throw new UsageError('the state is a file, which one process owns: there is no cluster. It needs state.url');
	// with all that speaks to a database
	const [{ openDatabase }, { Beside }] = await Promise.all([
		import('../../store/postgres/database'),
		import('../../store/postgres/beside'),
	]);
	// what the server should be like is said by `run`
	const opened = await openDatabase(database, { clock, random, warn: () => undefined }, 'there');
	try {
		const beside = new Beside(opened.queries, database.schema);
		return await work({ ...opened, config: database, beside });
	} finally {
		opened.close();
	}
}
