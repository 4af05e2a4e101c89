/** Two workers on a real server, and what an operator asks of them. */
import './installed';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterFindings, ClusterState } from '../../../forwarder/store/cluster';
import { liveEvents } from '../../../sandbox/live';
import { run, start, type Running } from '../../support/command';
import { startPostgres, type Postgres } from '../../support/postgres';
import { scene, type Scene } from '../../support/scene';
import { eventually } from '../../forwarder/server/support';

jest.setTimeout(120_000);

let here: Scene;
let server: Postgres;
const workers: Running[] = [];

async function setUp({ workers: number }: { workers: number }): Promise<void> {
	here = await scene();
	server = await startPostgres();
	here.configure((yaml) => yaml.replace('path: ./audit-relay.db', 'url: "${env:STATE_URL}"\n  lease: { ttl: 3s }'));
	here.options.env['STATE_URL'] = server.url();
	for (let count = 0; count < number; count++) workers.push(start(['run'], here.options));
	await Promise.all(workers.map((worker) => worker.says('"started"')));
}

afterEach(async () => {
	for (const { process, finished } of workers.splice(0)) {
		process.kill('SIGKILL');
		await finished;
	}
	await server?.end();
	await here?.end();
});

async function json<T>(...args: string[]): Promise<T> {
	const { code, stdout, stderr } = await run([...args, '--json'], here.options);
	if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${stdout} ${stderr}`);
	return JSON.parse(stdout) as T;
}

const status = () => json<ClusterState & ClusterFindings>('cluster', 'status');
const shardOf = ({ shards }: ClusterState, source: string) => shards.find(({ sources }) => sources.includes(source))!;

const LOGS = { dr: 'arpio', erp: 'arcus', app: 'auditapi' } as const;
type Source = keyof typeof LOGS;

/** How often each event of these sources has arrived, counted by how often. */
function arrivals(sources: readonly Source[] = ['dr', 'erp', 'app']): Record<number, number> {
	const ids = sources.flatMap((source) =>
		here.sandbox.logs[LOGS[source]].all().map(({ id }) => `${LOGS[source]}:${id}`),
	);
	const count = new Map(ids.map((id) => [id, 0]));
	for (const { eventName, attributes } of here.sandbox.receiver!.stored) {
		const id = attributes['log.record.uid'] as string;
		if (eventName !== 'audit_relay.gap' && count.has(id)) count.set(id, count.get(id)! + 1);
	}
	const result: Record<number, number> = {};
	for (const times of count.values()) result[times] = (result[times] ?? 0) + 1;
	return result;
}

test('status, drain and move of a cluster that works on', async () => {
	await setUp({ workers: 2 });
	const shared = await eventually(
		status,
		({ workers, unowned }) =>
			unowned.length === 0 && workers.length === 2 && workers.every(({ shards }) => shards === 32),
	);
	expect(shared).toMatchObject({ poisoned: [], configs: [] });
	await eventually(
		async () => arrivals(),
		(counts) => counts[0] === undefined,
	);

	const [first, second] = shared.workers;
	expect(await json('cluster', 'drain', first!.id)).toEqual({ worker: first!.id, drained: true });
	const drained = await eventually(status, ({ workers }) => workers.some(({ shards }) => shards === 64));
	expect(drained.workers.map(({ id, shards }) => [id, shards])).toEqual([
		[first!.id, 0],
		[second!.id, 64],
	]);
	const last = await run(['cluster', 'drain', second!.id], here.options);
	expect(last).toMatchObject({ code: 2, stderr: expect.stringContaining('no other worker takes shards') as string });
	await json('cluster', 'drain', first!.id, '--undo');
	await eventually(status, ({ workers }) => workers.every(({ shards }) => shards === 32));

	const target = (shardOf(drained, 'erp').shard + 1) % 64;
	const moved = await json('cluster', 'move', 'erp', String(target));
	expect(moved).toEqual({ shard: target, moved: ['erp'], batches: 0 });
	const after = await eventually(status, (seen) => seen.unowned.length === 0);
	expect(shardOf(after, 'erp').shard).toBe(target);
	expect(after.workers.every(({ command }) => !command)).toBe(true);
	await eventually(
		async () => arrivals(),
		(counts) => counts[0] === undefined,
	);
	expect(Object.keys(arrivals())).toEqual(['1']);
	expect(await json('cluster', 'move', 'erp', String(target))).toMatchObject({ moved: [] });
	expect(await run(['cluster', 'move', 'erp', '64'], here.options)).toMatchObject({ code: 2 });
});

test('a reload at one worker, and then at the other: they say that they differ, and nothing is lost or repeated', async () => {
	await setUp({ workers: 0 });
	const without = (source: string, yaml: string) =>
		yaml.replace(new RegExp(`  - name: ${source}\\n(?:    .*\\n)+`), '');
	const write = (worker: string, ...gone: string[]) => {
		here.configure((yaml) => {
			const shared = yaml.replace('path: ./audit-relay.db', 'url: "${env:STATE_URL}"\n  lease: { ttl: 3s }');
			const text = gone.reduce((text, source) => without(source, text), shared);
			writeFileSync(join(here.folder, `${worker}.yaml`), text);
			return shared;
		});
	};
	const happen = liveEvents(here.sandbox.logs, 7);
	const happens = (count: number) => {
		for (let at = 0; at < count; at++) happen(Date.now());
	};
	const onceEach = (...sources: Source[]) =>
		eventually(
			async () => arrivals(sources),
			(counts) => counts[0] === undefined,
		).then((counts) => expect(Object.keys(counts)).toEqual(['1']));
	const differing = (count: number) => eventually(status, ({ configs }) => configs.length === count);
	/** Its files are read again, and that is done. */
	const reload = async (worker: Running) => {
		let said = '';
		const listen = (text: string) => void (said += text);
		worker.process.stderr!.on('data', listen);
		worker.process.kill('SIGHUP');
		await eventually(
			async () => said,
			(text) => text.includes('configuration reloaded'),
		);
		worker.process.stderr!.off('data', listen);
	};

	for (const name of ['one', 'two']) {
		write(name, 'app');
		workers.push(start(['run', '-c', `${name}.yaml`], here.options));
	}
	const [one, two] = workers as [Running, Running];
	await Promise.all(workers.map((worker) => worker.says('"started"')));
	await eventually(status, ({ workers, unowned }) => workers.length === 2 && unowned.length === 0);
	await onceEach('dr', 'erp');

	// a source more, at one of them
	write('one');
	await reload(one);
	await differing(2);
	const { stdout } = await run(['cluster', 'status'], here.options);
	expect(stdout).toMatch(/workers have 2 different configurations/);
	happens(30);
	await onceEach('dr', 'erp');
	write('two');
	await reload(two);
	await differing(0);
	await onceEach('dr', 'erp', 'app');

	// one less, at one of them and then at both; back again it goes on where it was
	write('one', 'erp');
	await reload(one);
	await differing(2);
	happens(30);
	await onceEach('dr', 'app');
	write('two', 'erp');
	await reload(two);
	await differing(0);
	happens(30);
	await onceEach('dr', 'app');
	for (const [name, worker] of [
		['one', one],
		['two', two],
	] as const) {
		write(name);
		await reload(worker);
	}
	await differing(0);
	await onceEach('dr', 'erp', 'app');
});

test('the database goes away: alive, not ready, and still telling; then ready again', async () => {
	await setUp({ workers: 0 });
	here.configure((yaml) =>
		yaml
			.replace('path: ./audit-relay.db', 'url: "${env:STATE_URL}"\n  lease: { ttl: 3s }')
			.replace('enabled: false', 'listen: 127.0.0.1:0'),
	);
	const worker = start(['run'], here.options);
	workers.push(worker);
	let said = '';
	worker.process.stderr!.on('data', (text: string) => (said += text));
	await worker.says('status server listens');
	const [, url] = /"url.full":"([^"]+)"/.exec(said)!;
	const ask = async (path: string) => {
		const reply = await fetch(`${url}${path}`);
		return { code: reply.status, text: await reply.text() };
	};
	const isReady = ({ code }: { code: number }) => code === 200;
	await eventually(() => ask('/readyz'), isReady);
	await eventually(
		() => ask('/metrics'),
		({ text }) => text.includes('audit_relay_worker_shards 64') && text.includes('audit_relay_ledger_days_ahead 7'),
	);
	await server.stop('immediate');
	const away = await eventually(
		() => ask('/readyz'),
		({ code }) => code === 503,
	);
	expect(away.text).toContain('store_not_writable');
	expect(await ask('/livez')).toEqual({ code: 200, text: 'ok\n' });
	expect(await ask('/metrics')).toMatchObject({
		code: 200,
		text: expect.stringContaining('audit_relay_ready 0') as string,
	});
	await server.start();
	await eventually(() => ask('/readyz'), isReady);
	expect(await ask('/livez')).toMatchObject({ code: 200 });
});
