/** Five hundred tenants in one process: one comes, one changes, one goes, one is broken; the others miss no poll. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, start, type Running } from '../../support/command';
import { computingMs } from '../../support/figures';
import { scratchFolder } from '../../support/scratch';
import { eventually } from '../../forwarder/server/support';
import { listen, type Fake } from '../../forwarder/cli/fakeProvider';
import { patience } from '../support/wait';

const COUNT = 500;
const INTERVAL_MS = 10_000;

let provider: Fake;
let receiver: Fake;
let folder: string;
let daemon: Running | undefined;
let polls: Map<string, number[]>;

beforeEach(async () => {
	polls = new Map();
	folder = scratchFolder();
	provider = await listen((request, response) => {
		const account = /accounts\/([^/]+)\//.exec(request.url!)![1]!;
		polls.set(account, [...(polls.get(account) ?? []), Date.now()]);
		response.setHeader('content-type', 'application/json').end('{"events":[]}');
	});
	receiver = await listen((request, response) => {
		request.resume().on('end', () => response.setHeader('content-type', 'application/x-protobuf').end());
	});
	mkdirSync(join(folder, 'conf.d'));
	mkdirSync(join(folder, 'keys'));
});

afterEach(async () => {
	daemon?.process.kill('SIGKILL');
	await daemon?.finished;
	daemon = undefined;
	await provider.close();
	await receiver.close();
	rmSync(folder, { recursive: true });
});

const options = () => ({ cwd: folder, env: {} });
const confOf = (name: string) => join(folder, 'conf.d', `${name}.yaml`);
const keyOf = (name: string) => join(folder, 'keys', name);

function main(more = '', interval = '1s'): void {
	const text = `include: [conf.d/*.yaml]
server: { enabled: false }
defaults:
  sources: { start: now, pollInterval: ${interval}, rateLimit: { requestsPerMinute: 6000 } }
  providers: { arpio: { baseUrl: "${provider.url}" } }
destinations:
  - { name: siem, endpoint: "${receiver.url}" }
${more}`;
	writeFileSync(join(folder, 'audit-relay.yaml'), text);
}

const tenant = (name: string, more = '') =>
	`sources:\n  - { name: ${name}, provider: arpio, accountId: ${name}, apiKey: "\${file:../keys/${name}}"${more} }\n`;

function add(name: string, more = ''): void {
	writeFileSync(keyOf(name), `${name}:secret\n`, { mode: 0o600 });
	writeFileSync(confOf(name), tenant(name, more));
}

const nameOf = (at: number) => `tenant-${String(at).padStart(3, '0')}`;
const pollsOf = (name: string) => polls.get(name)?.length ?? 0;
const polled = (names: readonly string[]) =>
	eventually(
		async () => names.filter((name) => pollsOf(name) === 0),
		(left) => left.length === 0,
	);
const reload = async () =>
	JSON.parse((await run(['reload', '--json'], options())).stdout) as { changes: string[]; mistakes: string[] };

test('one of five hundred is added, changed, broken and removed', async () => {
	const names = Array.from({ length: COUNT }, (_, at) => nameOf(at));
	main('', `${INTERVAL_MS / 1000}s`);
	names.forEach((name) => add(name));
	const begun = Date.now();
	daemon = start(['run'], options());
	await eventually(
		async () => polls.size,
		(count) => count > 0,
	);
	const firstPollMs = Date.now() - begun;
	await polled(names);

	const pid = daemon.process.pid!;
	/** Of the process, while something happens. */
	const computed = async (what: () => Promise<unknown>) => {
		const [before, begun] = [computingMs(pid), Date.now()];
		await what();
		return { ms: computingMs(pid) - before, within: Date.now() - begun };
	};
	// fifty are polled each second, also during a reload
	const idle = await computed(() => new Promise((done) => setTimeout(done, INTERVAL_MS)));
	const computing: number[] = [];
	const timed = async () => {
		let outcome: unknown;
		const { ms, within } = await computed(async () => (outcome = await reload()));
		computing.push(Math.round(ms - (idle.ms / idle.within) * within));
		return outcome;
	};
	const counted = new Map(names.map((name) => [name, pollsOf(name)]));
	const from = Date.now();
	for (const [what, change] of [
		['added', () => add('acme')],
		['changed', () => add('acme', ', lateness: 1m')],
		['removed', () => writeFileSync(confOf('acme'), 'sources: []\n')],
	] as const) {
		change();
		expect(await timed()).toEqual({ ok: true, changes: [`source acme: ${what}`], mistakes: [] });
	}
	// a mistake in one: named, and the others are not touched
	writeFileSync(confOf(names[7]!), tenant(names[7]!, ', pollInterval: soon'));
	const { changes, mistakes } = await reload();
	expect(changes).toEqual([]);
	expect(mistakes).toEqual([
		expect.stringMatching(/conf\.d\/tenant-007\.yaml:2:\d+ sources\[0\]\.pollInterval: .*is not a duration/),
	]);
	// a file that is gone is no tenant that has left
	rmSync(confOf(names[8]!));
	expect((await reload()).mistakes.join()).toMatch(/tenant-008\.yaml.*gone/);

	await eventually(
		async () => Date.now() - from,
		(ms) => ms > 3 * INTERVAL_MS,
	);
	const rounds = Math.floor((Date.now() - from) / INTERVAL_MS);
	const missed = names.filter((name) => pollsOf(name) - counted.get(name)! < rounds - 1);
	expect(missed).toEqual([]);
	daemon.process.kill('SIGTERM');
	const { code, stderr } = await daemon.finished;
	expect(code).toBe(0);
	const reloadMs = [...stderr.matchAll(/"tookMs":(\d+)|took_?ms":(\d+)/gi)].map(([, ms, other]) => Number(ms ?? other));
	process.stderr.write(
		`first poll and reloads of one of ${COUNT}: ${JSON.stringify({ firstPollMs, reloadMs, computing })}\n`,
	);
	expect(reloadMs).toHaveLength(3);
	// the first ones also compile what the others have ready
	expect(Math.min(...computing)).toBeLessThanOrEqual(200);
	expect(Math.min(...reloadMs)).toBeLessThanOrEqual(patience(200));
});

test('a key that is missing at the start stops one tenant, and is found when it is there', async () => {
	main();
	for (const name of ['acme', 'beta']) add(name);
	rmSync(keyOf('acme'));
	daemon = start(['run'], options());
	await daemon.says('keys/acme cannot be read (ENOENT)');
	await polled(['beta']);
	expect(pollsOf('acme')).toBe(0);
	add('gamma');
	const diff = await run(['config', 'diff'], options());
	expect(diff.stdout).toMatch(/^Would be applied:\n {2}source gamma: added\nNot used/);
	expect(pollsOf('gamma')).toBe(0);
	writeFileSync(keyOf('acme'), 'acme:secret\n', { mode: 0o600 });
	await polled(['acme']);
	daemon.process.kill('SIGTERM');
	await daemon.finished;
	rmSync(keyOf('acme'));
	expect(await run(['run', '--strict'], options())).toMatchObject({ code: 2 });
});

test('--watch takes what is written, what is replaced and what Kubernetes links anew', async () => {
	const version = (number: number, names: readonly string[]) => {
		const data = join(folder, 'conf.d', `..v${number}`);
		mkdirSync(data);
		for (const name of names) writeFileSync(join(data, `${name}.yaml`), tenant(name));
		symlinkSync(`..v${number}`, join(folder, 'conf.d', '..new'));
		renameSync(join(folder, 'conf.d', '..new'), join(folder, 'conf.d', '..data'));
	};
	for (const name of ['acme', 'beta', 'gamma', 'delta']) writeFileSync(keyOf(name), `${name}:x\n`, { mode: 0o600 });
	main();
	version(1, ['acme', 'beta']);
	for (const name of ['acme', 'beta']) symlinkSync(`..data/${name}.yaml`, confOf(name));
	daemon = start(['run', '--watch'], options());
	await polled(['acme', 'beta']);
	version(2, ['acme', 'beta', 'gamma']);
	symlinkSync('..data/gamma.yaml', confOf('gamma'));
	await polled(['gamma']);
	writeFileSync(`${confOf('delta')}.tmp`, tenant('delta'));
	renameSync(`${confOf('delta')}.tmp`, confOf('delta'));
	await polled(['delta']);
	// a table, and a line more in it
	for (const name of ['eta', 'zeta']) writeFileSync(keyOf(name), `${name}:x\n`, { mode: 0o600 });
	writeFileSync(join(folder, 'tenants.csv'), 'name\neta\n');
	main(
		"sources: [{ each: tenants.csv, name: '{name}', provider: arpio, accountId: '{name}', apiKey: '${file:keys/{name}}' }]\n",
	);
	await polled(['eta']);
	writeFileSync(join(folder, 'tenants.csv'), 'name\neta\nzeta\n');
	await polled(['zeta']);
	// wrong as a whole: everything goes on
	main('state: { path: 7 }\n');
	await daemon.says('everything goes on as before');
	const before = pollsOf('acme');
	await eventually(
		async () => pollsOf('acme'),
		(count) => count > before,
	);
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0 });
});
