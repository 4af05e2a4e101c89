/** A real PostgreSQL of the test's own: Debian's binaries, a new cluster in a folder, a free port, safe against power cuts as delivered. */
import { execFileSync } from 'node:child_process';
import { chownSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../e2e/support/port';
import { startProgram, type Program } from '../e2e/support/program';

export interface Postgres {
	readonly port: number;
	/** Its data and settings; what is put there must be readable for the user that it runs as. */
	readonly folder: string;
	/** As its superuser. `host`: something in front of it. */
	url(at?: { host?: string; user?: string; password?: string; database?: string }): string;
	start(): Promise<void>;
	/** `fast`: every connection is closed, and all is written down; `immediate`: as a crash, it recovers at the next start. */
	stop(how: 'fast' | 'immediate'): Promise<void>;
	/** Another one, which follows this one and can be promoted (`SELECT pg_promote()`). */
	standby(settings?: readonly string[]): Promise<Postgres>;
	/** Stops it and removes its folder. */
	end(): Promise<void>;
}

export const PASSWORD = 'only-of-this-test';

/** Where `postgres`, `initdb` and `pg_basebackup` are: of the newest version that is installed. Undefined: there is none. */
export function postgresBinaries(): string | undefined {
	const named = process.env['AUDIT_RELAY_POSTGRES_BIN'];
	if (named) return named;
	const version = (folder: string) => Number(folder.split('/').at(-2));
	return globSync('/usr/lib/postgresql/*/bin').sort((a, b) => version(b) - version(a))[0];
}

export const WHAT_IS_MISSING =
	'PostgreSQL is not installed: apt-get install postgresql, or name the folder of its programs in AUDIT_RELAY_POSTGRES_BIN';

/** @param settings as `name=value` */
export async function startPostgres(settings: readonly string[] = []): Promise<Postgres> {
	const folder = newFolder();
	const secret = join(folder, 'password');
	writeFileSync(secret, PASSWORD);
	const user = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${secret}`];
	run(folder, 'initdb', [...user, '-D', join(folder, 'data'), '-E', 'UTF8', '--locale=C', '--no-sync']);
	return serverIn(folder, settings);
}

async function serverIn(folder: string, settings: readonly string[]): Promise<Postgres> {
	const port = await freePort();
	const data = join(folder, 'data');
	const all = [`unix_socket_directories=${folder}`, 'listen_addresses=127.0.0.1', ...settings];
	let server: Program | undefined;

	async function start() {
		const [program, ...args] = command('postgres', [
			'-D',
			data,
			'-p',
			String(port),
			...all.flatMap((one) => ['-c', one]),
		]);
		server = await startProgram(program!, args, {}, (output) => output.includes('ready to accept'));
	}
	async function stop(how: 'fast' | 'immediate') {
		await server?.end(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
		server = undefined;
	}
	const url: Postgres['url'] = (at = {}) => {
		const { host = `127.0.0.1:${port}`, user = 'postgres', password = PASSWORD, database = 'postgres' } = at;
		return `postgres://${user}:${password}@${host}/${database}`;
	};
	await start();
	return {
		port,
		folder,
		url,
		start,
		stop,
		async standby(own = []) {
			const other = newFolder();
			run(other, 'pg_basebackup', ['-d', url(), '-D', join(other, 'data'), '-R', '-c', 'fast', '--no-sync']);
			return serverIn(other, own);
		},
		async end() {
			await stop('immediate');
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** PostgreSQL refuses to run as root. */
const NOBODY = process.getuid?.() === 0 ? 65534 : undefined;

function newFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-postgres-'));
	if (NOBODY !== undefined) chownSync(folder, NOBODY, NOBODY);
	return folder;
}

function command(program: string, args: readonly string[]): string[] {
	const binaries = postgresBinaries();
	if (!binaries) throw new Error(WHAT_IS_MISSING);
	const as =
		NOBODY === undefined ? [] : ['/usr/bin/setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
	return [...as, join(binaries, program), ...args];
}

function run(folder: string, program: string, args: readonly string[]): void {
	const [first, ...rest] = command(program, args);
	execFileSync(first!, rest, { stdio: 'pipe', cwd: folder });
}
