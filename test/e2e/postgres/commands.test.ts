/** Commands on a state that is in a database, from a machine that runs no worker. */
import './installed';
import { dirname, join } from 'node:path';
import { checkState } from '../../../forwarder/cli/check/state';
import { addBackfill } from '../../../forwarder/cli/backfill/backfill';
import { addDeadLetters } from '../../../forwarder/cli/deadLetters/deadLetters';
import { addGaps } from '../../../forwarder/cli/gaps/gaps';
import { addRun } from '../../../forwarder/cli/run/run';
import { addState } from '../../../forwarder/cli/state/state';
import { addStatus } from '../../../forwarder/cli/status/status';
import { fingerprint } from '../../../forwarder/config/fingerprint';
import { loadConfig } from '../../../forwarder/config/load';
import { createConnection, type Connection } from '../../../forwarder/store/postgres/connection';
import { systemClock } from '../../../forwarder/waits';
import { startPostgres, type Postgres } from '../../support/postgres';
import { writeConfig } from '../../forwarder/config/scratch';
import { databaseOver, event, page, type Database } from '../../forwarder/store/postgres/support';
import { runCli, systemIo } from '../../forwarder/cli/runCli';

const CONFIG = `
state: { url: "\${env:STATE_URL}", lease: { ttl: 3s } }
destinations: [{ name: siem, endpoint: "http://127.0.0.1:1/v1/logs" }]
sources: [{ name: dr, provider: arpio, accountId: acct1, apiKey: "\${env:API_KEY}", start: 2026-01-01T00:00:00Z }]
`;
const COMMANDS = [addStatus, addState, addDeadLetters, addGaps, addBackfill, addRun];
const JANUARY = BigInt(Date.parse('2026-01-01T00:00:00Z')) * 1_000_000n;

describe('with the state in a database', () => {
	let server: Postgres;
	let connection: Connection;
	let db: Database;
	let config: string;
	let env: Record<string, string>;

	beforeAll(async () => {
		server = await startPostgres();
		env = { STATE_URL: server.url(), API_KEY: 'x:y' };
		config = await writeConfig(CONFIG);
	});
	afterAll(async () => {
		connection?.close();
		await server.end();
	});

	const run = (...args: string[]) => runCli(['--config', config, ...args], { env, cwd: dirname(config) }, COMMANDS);
	const json = async (...args: string[]) => JSON.parse((await run('--json', ...args)).out) as never;

	it('tries out whether a state can be kept there, and sets nothing up', async () => {
		const tried = async (url: string) => {
			const [state, ...more] = await checkState(await loadConfig(config, { ...env, STATE_URL: url }), systemIo());
			return { ...state!, warnings: more.map(({ status, detail }) => `${status}: ${detail}`) };
		};
		expect(await tried(server.url())).toEqual({
			...{ subject: 'state', check: 'database', status: 'ok' },
			detail: 'answers, takes writes and keeps what it has committed; schema audit_relay can be set up',
			warnings: [expect.stringMatching(/^warning: .*no standby confirms commits/)],
		});
		expect(await tried(server.url({ password: 'wrong', user: 'nobody' }))).toMatchObject({
			status: 'failed',
			detail: expect.stringContaining('the database cannot be reached') as unknown,
			fix: 'Check state.url, and that this machine may reach the server',
		});
		expect(await tried('postgres://u:p@127.0.0.1:1/db?sslmode=disable')).toMatchObject({
			status: 'failed',
			detail: expect.stringContaining('ECONNREFUSED') as unknown,
		});
	});

	it('says that nothing was kept there yet, and sets nothing up', async () => {
		expect(await run('status')).toMatchObject({
			code: 2,
			err: expect.stringContaining('schema audit_relay of the database holds no state yet') as unknown,
		});
	});

	it('sees what there is', async () => {
		const url = { read: async () => server.url() } as never;
		connection = createConnection(
			{ url, size: 2, limitMs: 10_000 },
			{ clock: systemClock, random: Math.random, warn: () => undefined },
		);
		db = await databaseOver(connection, async () => undefined);
		const { sources } = await loadConfig(config, env);
		const dr = { name: 'dr', fingerprint: fingerprint(sources[0]!), destinations: ['siem'] };
		const store = await db.open(await db.take('worker-1', 0));
		const [stream] = await store.streams([dr]);
		const gap = { reason: 'retention', from: 1n, to: 2n, detail: 'gone' } as const;
		await stream!.commit({ ...page(event('a', JANUARY)), start: JANUARY, watermark: JANUARY, gaps: [gap] });
		const invalid = [{ id: '?bad', raw: 'no JSON', reason: 'not an object' }];
		await stream!.commit({ invalid, seen: [{ id: '?bad', time: JANUARY }] });
		await store.close();

		const status = await run('status');
		expect([status.err, status.code]).toEqual(['', 0]);
		expect(status.out).toMatch(/^Not running; no worker is known\n/);
		expect(status.out).toMatch(/dr .*siem/s);
		expect(await json('status')).toMatchObject({ sources: [{ name: 'dr', waiting: 2, gaps: 1, deadLetters: 1 }] });
		expect((await run('state', 'show')).out).toMatch(/schema +audit_relay\n/);
		expect(await json('state', 'show')).toMatchObject({
			running: false,
			sources: [{ name: 'dr', seen: 2 }],
			batches: 1,
		});
	});

	it('changes what may change beside the workers', async () => {
		expect(await json('gaps', 'list')).toMatchObject({ total: 1 });
		expect(await json('gaps', 'acknowledge', '--all')).toMatchObject({ acknowledged: 1 });
		expect(await json('dead-letters', 'list')).toMatchObject({ total: 1 });
		const kept = join(dirname(config), 'letters.ndjson');
		expect(await json('dead-letters', 'export', '--output', kept)).toMatchObject({ deadLetters: 1 });
		expect(await json('dead-letters', 'retry', '--all')).toMatchObject({ letters: 0, refused: [{}] });
		expect(await json('dead-letters', 'discard', '--all', '--yes')).toMatchObject({ discarded: 1 });
	});

	it('asks for a back-fill, waits for a worker, and cancels it', async () => {
		const stop = new AbortController();
		const args = ['--config', config, 'backfill', '--source', 'dr', '--from', '2025-12-01'];
		const asked = runCli(args, { env, stop: stop.signal }, COMMANDS);
		const jobs = () => db.run('SELECT 1 FROM @backfills WHERE ended IS NULL');
		while ((await jobs()).length === 0) await systemClock.sleep(20);
		stop.abort('SIGINT');
		expect((await asked).err).toContain('no worker is running: the work begins when `audit-relay run` does');
		expect((await run('backfill', '--source', 'dr', '--cancel')).err).toContain('back-fill of dr cancelled');
		expect(await jobs()).toEqual([]);
	});

	it('exports what there is, and imports it instead of what is there, with all shards for itself', async () => {
		await db.run('UPDATE @shards SET owner = NULL');
		const exported = join(dirname(config), 'state.json');
		expect(await json('state', 'export', '--output', exported)).toMatchObject({ streams: 1, known: 2, batches: 2 });
		expect(await run('state', 'import', exported)).toMatchObject({
			code: 1,
			err: expect.stringMatching(
				/the database \(schema audit_relay\) holds a state already .*--force replaces it/,
			) as unknown,
		});
		await db.run("UPDATE @streams SET name = 'other'");
		const ran = await run('state', 'import', exported, '--force');
		expect([ran.err, ran.code]).toEqual(['', 0]);
		expect(ran.out).toMatch(
			/kept in .*audit_relay\.before-import-.*\nImported 1 source, 2 known ids, 2 batches not delivered/,
		);
		expect(await json('state', 'show')).toMatchObject({ sources: [{ name: 'dr', seen: 2 }], batches: 2 });
		expect(await db.run('SELECT owner FROM @shards WHERE owner IS NOT NULL')).toEqual([]);
		const elsewhere = { ...env, STATE_URL: `${server.url()}` };
		const empty = await writeConfig(CONFIG.replace('lease:', 'schema: second, lease:'));
		const imported = await runCli(['--config', empty, 'state', 'import', exported], { env: elsewhere }, COMMANDS);
		expect([imported.err, imported.code]).toEqual(['', 0]);
		const shown = await runCli(['--config', empty, '--json', 'status'], { env: elsewhere }, COMMANDS);
		expect(JSON.parse(shown.out)).toMatchObject({ sources: [{ name: 'dr', waiting: 3 }] });
	});

	it('changes a position with the shard for itself, and gives it back', async () => {
		await db.run('UPDATE @shards SET owner = NULL');
		expect(await json('state', 'adopt', 'dr')).toMatchObject({ source: 'dr', adopted: false });
		await db.run("UPDATE @streams SET fingerprint = 'former'");
		expect(await json('state', 'adopt', 'dr')).toMatchObject({ source: 'dr', adopted: true });
		await db.run("UPDATE @cursors SET destination = 'old-siem'");
		await db.run("UPDATE @batches SET for_destinations = '{old-siem}'");
		expect(await json('state', 'forget', 'old-siem', '--yes')).toMatchObject({ destination: 'old-siem', events: 1 });
		expect(await run('state', 'reset', 'none', '--yes')).toMatchObject({
			code: 1,
			err: 'error: the database (schema audit_relay) holds no source "none"; known: dr\n',
		});
		expect(await json('state', 'reset', 'dr', '--yes')).toMatchObject({ source: 'dr' });
		expect(await json('status')).toMatchObject({ sources: [] });
		expect(await db.run('SELECT owner FROM @shards WHERE owner IS NOT NULL')).toEqual([]);
		expect(await db.run('SELECT id FROM @workers')).toEqual([]);
	});

	it('says why a command needs a file', async () => {
		expect(await run('state', 'check')).toMatchObject({
			code: 2,
			err: expect.stringContaining('A database looks after its own disk') as unknown,
		});
		expect(await run('run', '--once')).toMatchObject({
			code: 2,
			err: expect.stringContaining('--once needs a state file') as unknown,
		});
	});

	it('says that the database is away, and nothing of the password', async () => {
		const away = { ...env, STATE_URL: 'postgres://relay:canary-pw@127.0.0.1:1/audit' };
		const ran = await runCli(['--config', config, 'status'], { env: away }, COMMANDS);
		expect(ran).toMatchObject({
			code: 1,
			err: expect.stringMatching(/^error: the database cannot be reached/) as unknown,
		});
		expect(ran.err + ran.out).not.toContain('canary-pw');
	});
});
