/** What n8n's queue mode needs besides n8n: a PostgreSQL and a Redis of the test's own, from Debian's packages. */
import { execFileSync } from 'node:child_process';
import { chownSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../../support/scratch';
import { debianPackages } from '../../support/debian';
import { freePort } from '../../support/port';
import { startProgram } from '../../support/program';

const REDIS = '/usr/bin/redis-server';
const POSTGRES = '/usr/lib/postgresql/*/bin/postgres';

/** Call it at the top of a test file: the first time it takes longer than a hook may. */
export function installQueue(): void {
	debianPackages(REDIS, 'redis-server');
	if (globSync(POSTGRES).length === 0) debianPackages(POSTGRES, 'postgresql');
}

export interface Queue {
	/** For the main process and all workers. */
	readonly env: Record<string, string>;
	end(): Promise<void>;
}

export async function startQueue(): Promise<Queue> {
	const [database, queue] = await Promise.all([startPostgres(), startRedis()]);
	return {
		env: { EXECUTIONS_MODE: 'queue', OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true', ...database.env, ...queue.env },
		end: async () => void (await Promise.all([database.end(), queue.end()])),
	};
}

async function startPostgres(): Promise<Queue> {
	const postgres = globSync(POSTGRES).at(-1)!;
	const folder = scratchFolder();
	const user = unprivileged();
	if (user) chownSync(folder, user.id, user.id);
	const run = user?.command ?? [];
	const data = join(folder, 'data');
	const [init = '', ...args] = [
		...run,
		join(postgres, '../initdb'),
		'-D',
		data,
		'-U',
		'n8n',
		'-E',
		'UTF8',
		'--no-sync',
	];
	execFileSync(init, args, { stdio: 'pipe', cwd: folder });
	const port = String(await freePort());
	const settings = [`unix_socket_directories=${folder}`, 'listen_addresses=127.0.0.1', 'fsync=off'];
	const [program = '', ...rest] = [...run, postgres, '-D', data, '-p', port, ...settings.flatMap((one) => ['-c', one])];
	const server = await startProgram(program, rest, {}, (output) => output.includes('ready to accept connections'));
	const env = {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: port,
		DB_POSTGRESDB_USER: 'n8n',
		DB_POSTGRESDB_DATABASE: 'postgres',
	};
	// SIGTERM would wait for every client
	return { env, end: server.kill };
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { id: number; command: string[] } | undefined {
	if (process.getuid!() !== 0) return undefined;
	const id = 65534;
	return { id, command: ['/usr/bin/setpriv', `--reuid=${id}`, `--regid=${id}`, '--clear-groups'] };
}

async function startRedis(): Promise<Queue> {
	const port = String(await freePort());
	const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', scratchFolder()];
	const server = await startProgram(REDIS, args, {}, (output) => output.includes('Ready to accept connections'));
	return { env: { QUEUE_BULL_REDIS_HOST: '127.0.0.1', QUEUE_BULL_REDIS_PORT: port }, end: server.stop };
}
