/** Two destinations, one of them down for an hour: the real poller, store and deliveries in simulated time. */
import { createPoller } from '../../../forwarder/run/poller';
import type { Answer } from '../../../forwarder/export/answer';
import { createDelivery, type Delivery } from '../../../forwarder/delivery/delivery';
import type { Item } from '../../../forwarder/records/item';
import { createEncoder } from '../../../forwarder/records/records';
import type { SourceConfig } from '../../../forwarder/config/types';
import type { Store } from '../../../forwarder/store/contract';
import { arpio } from '../../../providers/arpio/provider';
import { fromMillis } from '../../../core/time';
import { arpioApi, arpioSandboxKey, type ArpioApi } from '../../../sandbox/arpio/api';
import { arpioAccountId, arpioEvent } from '../../../sandbox/arpio/events';
import { simCall } from '../../support/simCall';
import { stateFile, type StateFile } from '../../support/stateFile';
import { TestClock } from '../delivery/support/clock';
import { door } from '../../support/door';
import { streamOf } from '../../support/streamOf';

const MINUTE = 60_000;

let clock: TestClock;
let api: ArpioApi;
let file: StateFile;
let store: Store;
let stop: AbortController;
let running: Promise<unknown>[];
const got: Record<string, string[]> = {};
let isDown: boolean;

function begin(maxOutboxSize: number): void {
	clock = new TestClock();
	api = arpioApi({ clock });
	file = stateFile(() => clock.now(), maxOutboxSize);
	store = file.open();
	stop = new AbortController();
	isDown = true;
	const headers = arpio.authorize({ apiKey: `${arpioSandboxKey.id}:${arpioSandboxKey.secret}` });
	const source = arpio.source(simCall(api, clock, headers), { accountId: arpioAccountId }, { pageSize: 100 }, door);
	const config: SourceConfig = {
		name: 'dr',
		provider: arpio,
		baseUrl: 'https://api.arpio.io',
		settings: {},
		sizes: { pageSize: 100 },
		secrets: {},
		start: fromMillis(clock.now()),
		pollIntervalMs: MINUTE,
		latenessMs: 10 * MINUTE,
		pastLatenessMs: 10 * MINUTE,
		rateLimit: { requestsPerMinute: 60, maxConcurrent: 1, retries: 0, reserve: 0 },
		dropReads: false,
		redact: [],
		destinations: ['up', 'down'],
	};
	const poller = createPoller({
		config,
		provider: arpio,
		source,
		store: streamOf(store, { name: 'dr', fingerprint: 'f', destinations: config.destinations }),
		clock,
		random: () => 0.5,
		note: async () => undefined,
	});
	const deliveries = config.destinations.map((name) => deliveryTo(name));
	store.onBatch(() => deliveries.forEach((delivery) => delivery.wake()));
	running = [poller.run(stop.signal), ...deliveries.map((delivery) => delivery.run(stop.signal))];
}

function deliveryTo(name: string): Delivery {
	const ids: string[] = (got[name] = []);
	const send = async (items: readonly Item[]): Promise<Answer> => {
		if (name === 'down' && isDown) return { kind: 'retry', throttled: false, reason: 'ECONNREFUSED' };
		ids.push(...items.filter(({ time }) => time !== undefined).map(({ eventId }) => eventId));
		return { kind: 'accepted' };
	};
	const encode = createEncoder({ version: '0', origin: () => ({ provider: arpio, tenant: 't' }) });
	return createDelivery({ destination: name, outbox: store.outbox(name), encode, send, clock, random: () => 0.5 });
}

let count = 0;
async function minuteWith(events: number): Promise<void> {
	for (let i = 0; i < events; i++) {
		const id = `e${count++}`;
		api.log.add(arpioEvent({ id, micros: clock.now() * 1000 }));
	}
	await clock.pass(MINUTE);
}

const produced = () =>
	api.log
		.all()
		.map(({ id }) => id)
		.sort();

afterEach(async () => {
	stop.abort();
	await Promise.all(running);
	file.remove();
});

test('an hour without one destination: the other gets every event within a poll, and both get all in the end', async () => {
	begin(1e9);
	for (let minute = 0; minute < 60; minute++) {
		await minuteWith(20);
		expect(got['up']!.length).toBeGreaterThanOrEqual(minute * 20);
	}
	expect(got['down']).toEqual([]);
	isDown = false;
	for (let minute = 0; minute < 5; minute++) await minuteWith(0);
	expect([...got['up']!].sort()).toEqual(produced());
	expect([...got['down']!].sort()).toEqual(produced());
});

test('a full outbox pauses polling: nothing is dropped, no page is held in memory, and it goes on when there is room', async () => {
	begin(20_000);
	for (let minute = 0; minute < 60; minute++) await minuteWith(20);
	const waiting = (await store.summary()).destinations.find(({ name }) => name === 'down')!.waiting;
	const requests = got['up']!.length;
	await minuteWith(20);
	expect(store.isFull()).toBe(true);
	expect(got['up']).toHaveLength(requests);
	expect((await store.summary()).destinations.find(({ name }) => name === 'down')!.waiting).toBe(waiting);
	isDown = false;
	for (let minute = 0; minute < 10; minute++) await minuteWith(0);
	expect([...got['up']!].sort()).toEqual(produced());
	expect([...got['down']!].sort()).toEqual(produced());
});
