/** What somebody has one worker do to a source that another one reads. */
import './installed';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ClusterState } from '../../../forwarder/store/cluster';
import { liveEvents } from '../../../sandbox/live';
import { eventually } from '../../forwarder/server/support';
import { run, start, type Running } from '../../support/command';
import { startPostgres, type Postgres } from '../../support/postgres';
import { scene, type Scene } from '../../support/scene';

jest.setTimeout(180_000);

let here: Scene;
let server: Postgres;
const workers: Running[] = [];

afterEach(async () => {
	for (const { process, finished } of workers.splice(0)) {
		process.kill('SIGKILL');
		await finished;
	}
	await server?.end();
	await here?.end();
});

/** By the socket of the first worker. */
function asked(path: string, body: object = {}): Promise<{ status: number; answer: Record<string, unknown> }> {
	return new Promise((resolve, reject) => {
		const headers = { 'content-type': 'application/json', 'audit-relay-user': 'ada' };
		const socketPath = join(here.folder, 'control.sock');
		const sent = request({ socketPath, path: `/api/v1${path}`, method: 'POST', headers }, (response) => {
			void text(response).then((said) =>
				resolve({ status: response.statusCode!, answer: JSON.parse(said) as Record<string, unknown> }),
			);
		});
		sent.on('error', reject);
		sent.end(JSON.stringify(body));
	});
}

async function status(): Promise<ClusterState> {
	const { stdout } = await run(['cluster', 'status', '--json'], here.options);
	return JSON.parse(stdout) as ClusterState;
}

function missing(): number {
	const arrived = new Set(here.sandbox.receiver!.stored.map(({ attributes }) => attributes['log.record.uid']));
	const ids = Object.entries(here.sandbox.logs).flatMap(([label, log]) => log.all().map(({ id }) => `${label}:${id}`));
	return ids.filter((id) => !arrived.has(id)).length;
}

test('it goes through the database, and the worker that reads the source does it with its next beat', async () => {
	here = await scene();
	server = await startPostgres();
	const database = 'url: "${env:STATE_URL}"\n  lease: { ttl: 3s }\ncontrol: { socket: control.sock }';
	here.configure((yaml) =>
		yaml.replace('path: ./audit-relay.db', database).replaceAll('pollInterval: 1s', 'pollInterval: 1h'),
	);
	here.options.env['STATE_URL'] = server.url();
	for (let count = 0; count < 2; count++) {
		const worker = start(['run'], here.options);
		workers.push(worker);
		await worker.says('"started"');
	}
	await eventually(missing, (count) => count === 0);
	// the one with the socket began first
	const isEven = ({ workers: all }: ClusterState) => all.length === 2 && all.every(({ shards }) => shards === 32);
	const both = await eventually(status, isEven);
	const [asking, reading] = both.workers.toSorted((a, b) => b.upMs - a.upMs);
	await run(['cluster', 'drain', asking!.id], here.options);
	await eventually(status, (seen) => seen.workers.some(({ id, shards }) => id === reading!.id && shards === 64));

	expect(await asked('/sources/app/pause', { note: 'key rotation' })).toMatchObject({
		status: 202,
		answer: { ok: true },
	});
	await workers[1]!.says('source paused');
	expect(await asked('/sources/app/poll')).toMatchObject({ status: 409 });
	const { stdout } = await run(['status'], here.options);
	expect(stdout).toContain('paused by ada (key rotation)');
	expect(await asked('/sources/app/resume')).toMatchObject({ status: 202 });
	await workers[1]!.says('source resumed');

	const next = liveEvents(here.sandbox.logs);
	for (let count = 0; count < 9; count++) next(Date.now());
	expect(missing()).toBeGreaterThan(0);
	// nobody would ask for an hour
	for (const source of ['app', 'erp', 'dr'])
		expect(await asked(`/sources/${source}/poll`)).toMatchObject({ status: 202, answer: { ok: true } });
	await eventually(missing, (count) => count === 0);
});
