/** A relay whose sources and destinations change while it runs: what did not change notices nothing. */
import type { Page, Source } from '../../../core/contract';
import { createDomain } from '../../../core/http/politeness';
import { fromMillis } from '../../../core/time';
import { SecretError } from '../../../forwarder/config/files';
import type { SourceConfig } from '../../../forwarder/config/types';
import { createReceiver } from '../../../forwarder/delivery/receiver';
import type { Outlet } from '../../../forwarder/run/outlets';
import { createRelay } from '../../../forwarder/run/relay';
import type { Store } from '../../../forwarder/store/contract';
import { arpio } from '../../../providers/arpio/provider';
import { stateFile, type StateFile } from '../../support/stateFile';
import { settle, TestClock } from '../delivery/support/clock';

const INTERVAL = 60_000;
let clock: TestClock;
let file: StateFile;
let store: Store;
let stop: AbortController;
let end: () => Promise<void>;
/** Requests of each source: when, and how it ended. */
let asked: { source: string; at: number; isOver: boolean; isCut: boolean; answer: (page: Page) => void }[];
let sent: Record<string, string[]>;
let told: string[];
let missing: Set<string>;
let known: Record<string, { domain: ReturnType<typeof createDomain>; lateness: number }>;
/** Whether requests are answered at once. */
let answers: boolean;

beforeEach(() => {
	clock = new TestClock();
	file = stateFile(() => clock.now());
	store = file.open();
	stop = new AbortController();
	end = async () => undefined;
	[asked, told, answers] = [[], [], true];
	[sent, known, missing] = [{}, {}, new Set()];
});
afterEach(async () => {
	await end();
	file.remove();
});

const source = (name: string, given: Partial<SourceConfig> = {}): SourceConfig => ({
	...{ name, provider: arpio, baseUrl: 'https://api.example.com', settings: { accountId: name }, secrets: {} },
	...{ sizes: { pageSize: 100, maxPageSize: 100 }, start: fromMillis(clock.now() - 1000), pollIntervalMs: INTERVAL },
	...{ latenessMs: 0, pastLatenessMs: 0, dropReads: false, redact: [], destinations: ['siem'] },
	rateLimit: { requestsPerMinute: 60_000, maxConcurrent: 4, retries: 0, reserve: 0 },
	...given,
});

function outlet(name: string): Outlet {
	const send = async (items: readonly { eventId: string }[]) => {
		(sent[name] ??= []).push(...items.map(({ eventId }) => eventId));
		return { kind: 'accepted' as const };
	};
	const receiver = createReceiver({ send, clock, random: () => 0.5 });
	const config = { name, inFlight: 4, timeoutMs: 1000, renameAttributes: {} };
	return { config, receiver, report: () => undefined, close: async () => undefined } as unknown as Outlet;
}

async function open(config: SourceConfig) {
	const { name } = config;
	if (missing.has(name)) throw new SecretError(`file keys/${name} cannot be read (ENOENT)`);
	// those with one key share it
	const domain = known[name]?.domain ?? createDomain({ ...config.rateLimit, clock, random: () => 0 });
	known[name] = { domain, lateness: config.latenessMs };
	let count = 0;
	const page: Source['page'] = (_range, _position, signal) =>
		new Promise((resolve, reject) => {
			const time = fromMillis(clock.now());
			const id = `${name}-${asked.length}-${count++}`;
			const whole: Page = { events: [{ id, time, raw: `{"id":"${id}"}`, json: { id } }], invalid: [] };
			const request = { source: name, at: clock.now(), isOver: false, isCut: false, answer: resolve };
			asked.push(request);
			if (answers) resolve(whole);
			else request.answer = () => resolve(whole);
			signal?.addEventListener('abort', () => {
				request.isCut = true;
				reject(signal.reason as Error);
			});
		});
	const reading: Source = { onRejected: 'restart', page };
	return { provider: config.provider, source: reading, background: () => ({ source: reading }), domain };
}

const siem = () => outlet('siem');

async function running(sources: readonly SourceConfig[], outlets: readonly Outlet[]) {
	const relay = await createRelay({
		...{ config: { sources: [...sources], resourceAttributes: {} }, store, clock, random: () => 0.5, outlets, open },
		report: { unusable: (name, why) => told.push(`${name}: ${why}`), usable: (name) => told.push(`${name} is back`) },
	});
	const run = relay.run(stop.signal, 100);
	end = async () => {
		stop.abort();
		await clock.until(run);
	};
	await settle();
	return relay;
}

const requestsOf = (name: string) => asked.filter((one) => one.source === name);

test('one is added, one changed, one removed: a request of another that is under way goes on', async () => {
	const [a, b, c, to] = [source('a'), source('b'), source('c'), siem()];
	answers = false;
	const relay = await running([a, b, c], [to]);
	expect(asked.map((one) => one.source)).toEqual(['a', 'b', 'c']);
	const changed = source('b', { latenessMs: 5000 });
	await clock.until(relay.change([a, changed, source('d')], [to]));
	await clock.pass(10);
	expect(requestsOf('a').map(({ isCut }) => isCut)).toEqual([false]);
	expect(requestsOf('b').map(({ isCut }) => isCut)).toEqual([true, false]);
	expect(requestsOf('c').map(({ isCut }) => isCut)).toEqual([true]);
	expect(requestsOf('d')).toHaveLength(1);
	expect(known['b']!.lateness).toBe(5000);
	expect(relay.status().sources.map(({ name }) => name)).toEqual(['a', 'b', 'd']);
});

test('the others are polled when they would have been', async () => {
	const [a, to] = [source('a'), siem()];
	const relay = await running([a, source('b')], [to]);
	await clock.pass(3 * INTERVAL);
	const times = requestsOf('a').map(({ at }) => at);
	for (let i = 0; i < 5; i++) {
		await clock.until(relay.change([a, source('b')], [to]));
		await clock.pass(INTERVAL);
	}
	const [first, ...rest] = requestsOf('a').map(({ at }) => at);
	expect(rest.slice(0, times.length - 1)).toEqual(times.slice(1));
	const steps = rest.slice(3).map((at, i) => at - rest[i + 2]!);
	expect(first).toBeDefined();
	expect(steps.filter((ms) => ms > 0).every((ms) => ms === INTERVAL)).toBe(true);
});

test('what a removed source has left to be shipped is shipped, and it goes on where it was when it comes back', async () => {
	const [a, b] = [source('a'), source('b')];
	const relay = await running([a, b], []);
	await clock.pass(1000);
	const [before] = (await store.summary()).streams.filter(({ name }) => name === 'b');
	expect(before!.waiting).toBeGreaterThan(0);
	const to = siem();
	await clock.until(relay.change([a], [to]));
	await clock.pass(2 * INTERVAL);
	expect((await store.summary()).streams.find(({ name }) => name === 'b')).toMatchObject({ waiting: 0 });
	expect(sent['siem']!.filter((id) => id.startsWith('b-'))).toHaveLength(1);
	const asks = requestsOf('b').length;
	await clock.pass(3 * INTERVAL);
	expect(requestsOf('b')).toHaveLength(asks);
	await clock.until(relay.change([a, source('b')], [to]));
	await clock.pass(1000);
	expect(requestsOf('b').length).toBeGreaterThan(asks);
	const [after] = (await store.summary()).streams.filter(({ name }) => name === 'b');
	expect(after!.watermark).toBeGreaterThan(before!.watermark!);
	expect(after!.gapReasons).toEqual({ collection_start: 1 });
});

test('a destination that goes keeps what waits for it; one that comes gets what is read from then on', async () => {
	const a = source('a', { destinations: ['siem', 'lake'] });
	const relay = await running([a], [siem(), outlet('lake')]);
	await clock.pass(1000);
	const had = sent['lake']!.length;
	expect(had).toBeGreaterThan(0);
	await clock.until(relay.change([source('a', { destinations: ['siem'] })], [siem()]));
	await clock.pass(2 * INTERVAL);
	expect(sent['lake']).toHaveLength(had);
	await clock.until(relay.change([source('a', { destinations: ['siem', 'other'] })], [siem(), outlet('other')]));
	await clock.pass(2 * INTERVAL);
	expect(sent['other']!.length).toBeGreaterThan(0);
	expect(new Set(sent['siem']).size).toBe(sent['siem']!.length);
});

describe('one that cannot be read', () => {
	test('leaves the others alone, is told once, and begins when its key is there', async () => {
		missing.add('b');
		const relay = await running([source('a'), source('b')], [siem()]);
		await clock.pass(20_000);
		expect(requestsOf('a').length).toBeGreaterThan(0);
		expect(told).toEqual(['b: file keys/b cannot be read (ENOENT)']);
		expect([...relay.status().refused.keys()]).toEqual(['b']);
		missing.clear();
		await clock.pass(5_000);
		expect(told.at(-1)).toBe('b is back');
		expect(requestsOf('b').length).toBeGreaterThan(0);
		expect(relay.status().refused.size).toBe(0);
	});

	test('because its state belongs to another account: the others are read', async () => {
		await store.streams([{ name: 'b', fingerprint: 'of another account', destinations: ['siem'] }]);
		const relay = await running([source('a'), source('b'), source('c')], [siem()]);
		await clock.pass(1000);
		expect(told).toEqual([expect.stringMatching(/^b: source b: the state of this name belongs to another/)]);
		expect(relay.status().sources.map(({ name }) => name)).toEqual(['a', 'c']);
	});

	test('as it is configured now is read as it was before, until that is taken back', async () => {
		const [a, to] = [source('a'), siem()];
		const relay = await running([a], [to]);
		await clock.until(relay.change([source('a', { settings: { accountId: 'other' } })], [to]));
		await clock.pass(2 * INTERVAL);
		const count = requestsOf('a').length;
		expect(count).toBeGreaterThan(2);
		expect(relay.status().refused.has('a')).toBe(true);
		await clock.until(relay.change([a], [to]));
		expect(relay.status().refused.size).toBe(0);
		await clock.pass(INTERVAL);
		expect(requestsOf('a').length).toBeGreaterThan(count);
	});
});

test('another pace is that of the same limiter, so a pause goes on', async () => {
	const relay = await running([source('a')], [siem()]);
	const { domain } = known['a']!;
	domain.pause(90_000);
	const to = siem();
	await clock.until(
		relay.change([source('a', { rateLimit: { ...source('a').rateLimit, requestsPerMinute: 7 } })], [to]),
	);
	expect(relay.status().domains.get('a')).toBe(domain);
	expect(domain.options).toMatchObject({ requestsPerMinute: 7 });
	expect(domain.pausedUntil).toBe(clock.now() + 90_000);
});
