/** PgBouncer in transaction mode between the workers and the database: every statement may go to another connection. */
import './installed';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterState } from '../../../forwarder/store/cluster';
import { eventually } from '../../forwarder/server/support';
import { run, start, type Running } from '../../support/command';
import { PASSWORD, startPostgres, type Postgres } from '../../support/postgres';
import { scene, type Scene } from '../../support/scene';
import { debianPackages } from '../support/debian';
import { freePort } from '../support/port';
import { startProgram, type Program } from '../support/program';

jest.setTimeout(120_000);

const PGBOUNCER = '/usr/sbin/pgbouncer';
debianPackages(PGBOUNCER, 'pgbouncer');

let here: Scene;
let server: Postgres;
let pooler: Program;
let folder: string;
const workers: Running[] = [];

/** Fewer connections to the server than the workers have to it, so that they are really shared. */
const settings = (port: number) => `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
pool_mode = transaction
default_pool_size = 3
auth_type = scram-sha-256
auth_file = ${folder}/users
`;

async function startPooler(port: number): Promise<void> {
	const file = join(folder, 'pgbouncer.ini');
	writeFileSync(file, settings(port));
	// it refuses to run as root
	const as = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
	pooler = await startProgram(PGBOUNCER, [...as, file], {}, (output) => output.includes('process up'));
}

afterEach(async () => {
	for (const { process, finished } of workers.splice(0)) {
		process.kill('SIGKILL');
		await finished;
	}
	await pooler?.stop();
	await server?.end();
	await here?.end();
	rmSync(folder, { recursive: true, force: true });
});

/** Waits until everything has arrived that the providers have by now. */
async function allArrived(): Promise<void> {
	const ids = Object.entries(here.sandbox.logs).flatMap(([label, log]) => log.all().map(({ id }) => `${label}:${id}`));
	await eventually(
		() => {
			const stored = new Set(here.sandbox.receiver!.stored.map(({ attributes }) => attributes['log.record.uid']));
			return ids.filter((id) => !stored.has(id));
		},
		(missing) => missing.length === 0,
	);
}

test('two workers share shards, one is killed, the pooler is started again: every event arrives', async () => {
	here = await scene({ live: { eventsPerSecond: 10 } });
	server = await startPostgres();
	folder = mkdtempSync(join(tmpdir(), 'audit-relay-pgbouncer-'));
	chmodSync(folder, 0o755);
	writeFileSync(join(folder, 'users'), `"postgres" "${PASSWORD}"\n`);
	const port = await freePort();
	await startPooler(port);
	here.configure((yaml) => yaml.replace('path: ./audit-relay.db', 'url: "${env:STATE_URL}"\n  lease: { ttl: 3s }'));
	here.options.env['STATE_URL'] = server.url({ host: `127.0.0.1:${port}` });
	for (let count = 0; count < 2; count++) workers.push(start(['run'], here.options));
	await Promise.all(workers.map((worker) => worker.says('"started"')));

	const status = async () => {
		const { code, stdout, stderr } = await run(['cluster', 'status', '--json'], here.options);
		if (code !== 0) throw new Error(`cluster status: ${code} ${stdout} ${stderr}`);
		return JSON.parse(stdout) as ClusterState;
	};
	await eventually(status, ({ workers: seen }) => seen.length === 2 && seen.every(({ shards }) => shards === 32));
	await allArrived();

	const [killed, left] = workers;
	killed!.process.kill('SIGKILL');
	await killed!.finished;
	await eventually(status, ({ workers: seen }) => seen.some(({ shards }) => shards === 64));
	await allArrived();

	await pooler.kill();
	await startPooler(port);
	await allArrived();

	// reads everything in one transaction
	expect(await run(['state', 'export', '--output', 'state.json'], here.options)).toMatchObject({ code: 0 });
	left!.process.kill('SIGTERM');
	expect(await left!.finished).toMatchObject({
		code: 0,
		stderr: expect.stringContaining('a pooler is in between') as string,
	});
});
