/** Positions shown, moved, reset and adopted, as an operator does it: through the built command, against the sandbox. */
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { confirmed } from '../../../forwarder/cli/confirm';
import { liveEvents } from '../../../sandbox/live';
import { run, start, type Running } from '../../support/command';
import { scene, type Scene } from '../../support/scene';

jest.setTimeout(60_000);

let here: Scene;
/** Whatever a failed test leaves behind. */
let running: Running | undefined;
beforeEach(async () => (here = await scene()));
afterEach(async () => {
	running?.process.kill('SIGKILL');
	await running?.finished;
	running = undefined;
	await here.end();
});

const command = (...args: string[]) => run(args, here.options);
const once = () => command('run', '--once');
const state = (...args: string[]) => command('state', ...args);
const path = (name: string) => join(here.folder, name);

interface Shown {
	inUse: boolean;
	pid: number;
	batches: number;
	sources: {
		name: string;
		watermark?: string;
		walk: unknown;
		seen: number;
		settings: { settings: { accountId: string } };
	}[];
}
const shown = async () => JSON.parse((await state('show', '--json')).stdout) as Shown;

const events = () => here.sandbox.receiver!.stored.filter(({ eventName }) => eventName !== 'audit_relay.gap');
const ids = () => events().map(({ attributes }) => attributes['log.record.uid'] as string);
const gaps = (reason: string) =>
	here.sandbox.receiver!.stored.filter(({ attributes }) => attributes['audit.gap.reason'] === reason);

let seed = 1;
function happen(count: number): void {
	const next = liveEvents(here.sandbox.logs, seed++);
	for (let i = 0; i < count; i++) next(Date.now());
}

/** The same configuration in another folder. */
async function elsewhere(): Promise<{ cwd: string; env: Record<string, string> }> {
	const cwd = path('elsewhere');
	await mkdir(cwd);
	copyFileSync(path('audit-relay.yaml'), join(cwd, 'audit-relay.yaml'));
	return { ...here.options, cwd };
}

describe('show', () => {
	test('tells positions, what waits, and who owns the file, beside a running process', async () => {
		const daemon = (running = start(['run'], here.detailed));
		await daemon.says('"audit_relay.source":"app","audit_relay.events":17');
		expect(await shown()).toMatchObject({ inUse: true, pid: daemon.process.pid });
		daemon.process.kill('SIGTERM');
		await daemon.finished;
		const after = await shown();
		expect(after).toMatchObject({ inUse: false, sources: [{ name: 'app' }, { name: 'dr' }, { name: 'erp' }] });
		expect(after.sources[1]).toMatchObject({
			settings: { settings: { accountId: here.sandbox.arpio.accountId } },
			walk: null,
		});
		const text = await state('show');
		expect(text).toMatchObject({ code: 0 });
		expect(text.stdout).toMatch(/^owner +none now; the last was process \d+/m);
		expect(text.stdout).toMatch(/^dr +2015-01-01T00:00:00Z +\d{4}-\S+Z +none +\d+ +-$/m);
	});

	test('before the first run there is nothing to show', async () => {
		expect(await state('show')).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('no state file yet') as string,
		});
	});
});

describe('export and import', () => {
	test('another folder goes on: nothing is shipped twice, nothing is lost, what waited is shipped too', async () => {
		expect(await once()).toMatchObject({ code: 0 });
		here.sandbox.receiver!.setAnswers(() => ({ kind: 'status', status: 401 }));
		happen(12);
		expect(await once()).toMatchObject({ code: 1 });
		here.sandbox.receiver!.setAnswers(undefined);
		expect((await shown()).batches).toBeGreaterThan(0);
		const wrote = await state('export', '--output', 'state.json');
		expect(wrote).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/^Wrote \S*state\.json: 3 sources, /) as string,
		});
		expect(statSync(path('state.json')).mode & 0o777).toBe(0o600);
		for (const key of Object.values(here.options.env))
			expect(readFileSync(path('state.json'), 'utf8')).not.toContain(key);

		const there = await elsewhere();
		const imported = await run(['state', 'import', '../state.json'], there);
		expect(imported).toMatchObject({ code: 0, stderr: '' });
		expect(statSync(join(there.cwd, 'audit-relay.db')).mode & 0o777).toBe(0o600);
		happen(9);
		expect(await run(['run', '--once'], there)).toMatchObject({ code: 0 });
		const all = Object.entries(here.sandbox.logs).flatMap(([label, log]) =>
			log.all().map(({ id }) => `${label}:${id}`),
		);
		expect(ids().sort()).toEqual(all.sort());
		expect(gaps('collection_start')).toHaveLength(3);
	});

	test('through a pipe, beside a running process', async () => {
		const daemon = (running = start(['run'], here.detailed));
		await daemon.says('"audit_relay.source":"app","audit_relay.events":17');
		const { code, stdout } = await state('export');
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ format: 'audit-relay-state', version: 1 });
		const there = await elsewhere();
		const importing = start(['state', 'import', '-', '--json'], there);
		importing.process.stdin!.end(stdout);
		expect(await importing.finished).toMatchObject({
			code: 0,
			stdout: expect.stringContaining('"streams":3') as string,
		});
		daemon.process.kill('SIGTERM');
		await daemon.finished;
	});

	test('neither overwrites without --force; what an import replaces is kept', async () => {
		expect(await once()).toMatchObject({ code: 0 });
		expect(await state('export', '-o', 's.json')).toMatchObject({ code: 0 });
		writeFileSync(path('other'), 'other');
		const refused = await state('export', '-o', 'other');
		expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('exists already; --force') as string });
		expect(readFileSync(path('other'), 'utf8')).toBe('other');
		expect(await state('export', '-o', 'other', '--force')).toMatchObject({ code: 0 });
		expect(statSync(path('other')).mode & 0o777).toBe(0o600);
		const own = await state('export', '-o', 'audit-relay.db', '--force');
		expect(own).toMatchObject({ code: 2, stderr: expect.stringContaining('belongs to the state itself') as string });

		const filled = await state('import', 's.json');
		expect(filled).toMatchObject({
			code: 1,
			stderr: expect.stringMatching(/holds a state already.*--force/) as string,
		});
		expect(await state('import', 's.json', '--force')).toMatchObject({ code: 0 });
		const kept = readdirSync(here.folder).filter((name) => name.includes('.before-import-'));
		expect(kept).toHaveLength(1);
		expect(statSync(path(kept[0]!)).mode & 0o777).toBe(0o600);
		expect(await once()).toMatchObject({ code: 0 });
		expect(events()).toHaveLength(51);
	});

	test('what cannot be imported is refused with the place, and no state is made of it', async () => {
		writeFileSync(path('bad.json'), '{"format":"audit-relay-state","version":1,"exportedAt":"now"}');
		const { code, stderr } = await state('import', 'bad.json');
		expect({ code, stderr }).toMatchObject({
			code: 1,
			stderr: expect.stringMatching(/bad\.json: streams: /) as string,
		});
		expect(await state('import', 'none.json')).toMatchObject({
			code: 1,
			stderr: expect.stringContaining('none.json: cannot be read (ENOENT)') as string,
		});
		expect(existsSync(path('audit-relay.db'))).toBe(false);
	});
});

describe('reset', () => {
	test('asks for --yes where nobody can be asked, then ships again from the start with the same ids, and says so', async () => {
		expect(await once()).toMatchObject({ code: 0 });
		const before = await shown();
		expect(await state('reset', 'dr')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as string });
		expect(await shown()).toMatchObject({ sources: before.sources });
		const reset = await state('reset', 'dr', '--yes');
		expect(reset).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/^dr has been read up to .*; it begins again at 2015-01-01T00:00:00Z: /) as string,
		});
		expect((await shown()).sources.map(({ name }) => name)).toEqual(['app', 'erp']);
		expect(await once()).toMatchObject({ code: 0 });
		const counts = count(ids());
		for (const [id, copies] of Object.entries(counts))
			expect([id, copies]).toEqual([id, id.startsWith('arpio:') ? 2 : 1]);
		expect(Object.keys(counts)).toHaveLength(51);
		expect(gaps('skipped').map(({ attributes }) => attributes['audit.source'])).toEqual(['arpio']);
	});

	test('a stream that is not there is named with those that are', async () => {
		expect(await once()).toMatchObject({ code: 0 });
		expect(await state('reset', 'dx', '--yes')).toMatchObject({
			code: 1,
			stderr: expect.stringContaining('holds no source "dx"; known: app, dr, erp') as string,
		});
	});

	test.each([
		['y\n', true],
		['yes\n', true],
		['\n', false],
		['no\n', false],
		['', false],
	])('the answer %j on a terminal counts as %s', async (answer, expected) => {
		const stdin = Object.assign(new PassThrough(), { isTTY: true });
		let asked = '';
		const stderr = { write: (text: string) => (asked += text) };
		stdin.end(answer);
		expect(await confirmed({ stdin, stderr, stop: new AbortController().signal }, 'really')).toBe(expected);
		expect(asked).toBe('really\nContinue? [y/N] ');
	});
});

describe('adopt', () => {
	test('after another baseUrl: refused first, then goes on as the error said, without repeats', async () => {
		expect(await once()).toMatchObject({ code: 0 });
		here.configure((yaml) => yaml.replace('baseUrl: http://127.0.0.1', 'baseUrl: http://localhost'));
		const refused = await once();
		expect(refused).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('`audit-relay state adopt dr`') as string,
		});
		const adopted = await state('adopt', 'dr');
		expect(adopted).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(
				/^dr continues from .*\n {2}baseUrl: http:\/\/127\.\S+ → http:\/\/localhost\S+\n$/,
			) as string,
		});
		happen(9);
		expect(await once()).toMatchObject({ code: 0 });
		expect(new Set(ids()).size).toBe(60);
		expect(ids()).toHaveLength(60);
		expect((await state('adopt', 'dr')).stdout).toContain('nothing to adopt');
	});

	test('another account is another log: a gap record says that its past is not collected', async () => {
		here.configure((yaml) => yaml.replace(/accountId: .*/, 'accountId: anotherAccount00000000'));
		// the account is not there, so the stream is begun and never read
		await once();
		const begun = (await shown()).sources.find(({ name }) => name === 'dr')!;
		here.configure();
		const { stdout } = await state('adopt', 'dr', '--json');
		expect(JSON.parse(stdout)).toMatchObject({
			adopted: true,
			watermark: begun.watermark,
			changed: expect.arrayContaining([
				{ setting: 'accountId', from: 'anotherAccount00000000', to: here.sandbox.arpio.accountId },
			]) as unknown,
		});
		expect(await once()).toMatchObject({ code: 0 });
		expect(events()).toHaveLength(51);
		expect(gaps('collection_start')).toHaveLength(4);
	});
});

test('what changes positions is refused while a process runs', async () => {
	const daemon = (running = start(['run'], here.detailed));
	await daemon.says('"audit_relay.source":"app","audit_relay.events":17');
	writeFileSync(path('s.json'), (await state('export')).stdout);
	for (const args of [
		['reset', 'dr', '--yes'],
		['adopt', 'dr'],
		['import', 's.json', '--force'],
	]) {
		const refused = await state(...args);
		expect(refused).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('another audit-relay process') as string,
		});
	}
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0 });
});

test.each([
	[[], 2, /Usage: audit-relay state/],
	[['expot'], 2, /Did you mean export/],
	[['reset'], 2, /missing required argument 'source'/],
	[['import'], 2, /missing required argument 'file'/],
	[['adopt', 'dr'], 2, /no state file yet/],
])('wrong usage: state %j ends with %d', async (args, code, message) => {
	const finished = await state(...args);
	expect(finished.stderr).toMatch(message);
	expect(finished.code).toBe(code);
});

function count(all: readonly string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const id of all) counts[id] = (counts[id] ?? 0) + 1;
	return counts;
}
