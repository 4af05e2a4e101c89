/** What five hundred tenants cost a process with default settings, beside one: the real command, in ordinary minutes. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listen, type Fake } from '../../forwarder/cli/fakeProvider';
import { start, type Running } from '../../support/command';
import { computingMs, residentBytes } from '../../support/figures';
import { scratchFolder } from '../../support/scratch';
import { patience, until } from '../support/wait';

const COUNT = 500;
/** By default. */
const INTERVAL_MS = 60_000;

let provider: Fake;
let receiver: Fake;
let folder: string;
let daemon: Running | undefined;
const nameOf = (at: number) => `tenant-${at}`;

/** When each request came. */
let polls: { account: string; at: number }[];

beforeEach(async () => {
	polls = [];
	folder = scratchFolder();
	provider = await listen((request, response) => {
		polls.push({ account: /accounts\/([^/]+)\//.exec(request.url!)![1]!, at: Date.now() });
		response.setHeader('content-type', 'application/json').end('{"events":[]}');
	});
	receiver = await listen((request, response) => {
		request.resume().on('end', () => response.setHeader('content-type', 'application/x-protobuf').end());
	});
	// a key each: one key would have one pace for all
	mkdirSync(join(folder, 'keys'));
	for (let at = 0; at < COUNT; at++) {
		writeFileSync(join(folder, 'keys', nameOf(at)), `${nameOf(at)}:secret\n`, { mode: 0o600 });
	}
});

afterEach(async () => {
	daemon?.process.kill('SIGKILL');
	await daemon?.finished;
	daemon = undefined;
	await provider.close();
	await receiver.close();
	rmSync(folder, { recursive: true });
});

function configure(count: number): void {
	const rows = Array.from({ length: count }, (_, at) => nameOf(at)).join('\n');
	writeFileSync(join(folder, 'tenants.csv'), `name\n${rows}\n`);
	writeFileSync(
		join(folder, 'audit-relay.yaml'),
		`server: { listen: "127.0.0.1:0" }
destinations: [{ name: siem, endpoint: "${receiver.url}" }]
defaults: { providers: { arpio: { baseUrl: "${provider.url}", start: now } } }
sources:
  - { each: tenants.csv, name: '{name}', provider: arpio, accountId: '{name}', apiKey: '\${file:keys/{name}}' }
`,
	);
}

interface Figures {
	firstPollMs: number;
	firstPollComputingMs: number;
	residentMB: number;
	/** Of one core, while nothing happens. */
	computingPercent: number;
	/** The most requests in one second. */
	busiest: number;
	polled: number;
}

async function measured(count: number, windowMs: number): Promise<Figures> {
	configure(count);
	const begun = Date.now();
	daemon = start(['run'], { cwd: folder });
	const pid = daemon.process.pid!;
	await until('the first poll', () => polls.length > 0);
	const firstPollMs = polls[0]!.at - begun;
	const firstPollComputingMs = computingMs(pid);
	// the second one is half to one and a half intervals after the first, and each has its place from then on
	const first = new Map<string, number>();
	const again = new Set<string>();
	let seen = 0;
	const areAllPolledAgain = () => {
		for (const { account, at } of polls.slice(seen)) {
			if (!first.has(account)) first.set(account, at);
			// not the second request of the first poll
			else if (at - first.get(account)! > INTERVAL_MS / 4) again.add(account);
		}
		seen = polls.length;
		return again.size === count || count === 1;
	};
	await until(count > 1 ? 'all are polled again' : 'it is polled', areAllPolledAgain, 200_000);
	const from = Date.now();
	const before = computingMs(pid);
	// the heap grows until garbage is collected, and again
	const resident: number[] = [];
	const isOver = () => {
		resident.push(residentBytes(pid));
		return Date.now() - from >= windowMs;
	};
	await until('the window is over', isOver, 2 * windowMs);
	const computingPercent = ((computingMs(pid) - before) / (Date.now() - from)) * 100;
	const within = polls.filter(({ at }) => at >= from && at < from + windowMs);
	const perSecond = new Map<number, number>();
	for (const { at } of within) perSecond.set(Math.floor(at / 1000), (perSecond.get(Math.floor(at / 1000)) ?? 0) + 1);
	const figures = {
		...{ firstPollMs, firstPollComputingMs, residentMB: Math.round(mean(resident) / 1e6) },
		computingPercent: Math.round(computingPercent * 10) / 10,
		busiest: Math.max(0, ...perSecond.values()),
		polled: new Set(within.map(({ account }) => account)).size,
	};
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0 });
	polls = [];
	return figures;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('500 tenants: first poll within 3 s, 150 MB, 3 % of a core, and no second with three times as many polls as the mean', async () => {
	const one = await measured(1, INTERVAL_MS / 3);
	rmSync(join(folder, 'audit-relay.db'));
	const many = await measured(COUNT, INTERVAL_MS + 2000);
	process.stderr.write(`one source: ${JSON.stringify(one)}\n${COUNT} sources: ${JSON.stringify(many)}\n`);
	expect(many.firstPollComputingMs).toBeLessThan(3000);
	expect(many.firstPollMs).toBeLessThan(patience(3000));
	expect(many.residentMB).toBeLessThanOrEqual(150);
	// with other work on the same core, the same computing takes longer
	expect(many.computingPercent).toBeLessThanOrEqual(patience(3));
	// none is left out
	expect(many.polled).toBe(COUNT);
	expect(many.busiest).toBeLessThanOrEqual(3 * ((COUNT * 1000) / INTERVAL_MS));
}, 900_000);
