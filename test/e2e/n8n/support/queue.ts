/** What n8n's queue mode needs besides n8n: a PostgreSQL and a Redis of the test's own, from Debian's packages. */
import { PASSWORD, postgresBinaries, startPostgres } from '../../../support/postgres';
import { scratchFolder } from '../../../support/scratch';
import { debianPackages } from '../../support/debian';
import { freePort } from '../../support/port';
import { startProgram } from '../../support/program';

const REDIS = '/usr/bin/redis-server';

/** Call it at the top of a test file: the first time it takes longer than a hook may. */
export function installQueue(): void {
	debianPackages(REDIS, 'redis-server');
	if (!postgresBinaries()) debianPackages('/usr/lib/postgresql', 'postgresql');
}

export interface Queue {
	/** For the main process and all workers. */
	readonly env: Record<string, string>;
	end(): Promise<void>;
}

export async function startQueue(): Promise<Queue> {
	const [database, queue] = await Promise.all([startDatabase(), startRedis()]);
	return {
		env: { EXECUTIONS_MODE: 'queue', OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true', ...database.env, ...queue.env },
		end: async () => void (await Promise.all([database.end(), queue.end()])),
	};
}

async function startDatabase(): Promise<Queue> {
	const server = await startPostgres(['fsync=off']);
	const env = {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(server.port),
		DB_POSTGRESDB_USER: 'postgres',
		DB_POSTGRESDB_PASSWORD: PASSWORD,
		DB_POSTGRESDB_DATABASE: 'postgres',
	};
	return { env, end: server.end };
}

async function startRedis(): Promise<Queue> {
	const port = String(await freePort());
	const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', scratchFolder()];
	const server = await startProgram(REDIS, args, {}, (output) => output.includes('Ready to accept connections'));
	return { env: { QUEUE_BULL_REDIS_HOST: '127.0.0.1', QUEUE_BULL_REDIS_PORT: port }, end: server.stop };
}
