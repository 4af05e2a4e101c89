/** I12: a stream that fails forever changes nothing for its neighbour, which has the same store and the same receiver. */
import fc from 'fast-check';
import type { SourceConfig } from '../../forwarder/config/types';
import { createPoller } from '../../forwarder/run/poller';
import { createDelivery } from '../../forwarder/delivery/delivery';
import { createEncoder } from '../../forwarder/records/records';
import { openStore } from '../../forwarder/store/sqlite/store';
import type { Source } from '../../core/contract';
import { RequestError } from '../../core/http/failure';
import { readingJson } from '../../core/http/readJson';
import { fromMillis } from '../../core/time';
import { simTransport } from '../support/simCall';
import { property } from './tools/check';
import { VirtualClock } from './tools/clock';
import { Faults, Life, never } from './tools/faults';
import { scratch } from './tools/folder';
import { SimReceiver } from './world/receiver';
import { sims, type SimName } from './world/sim';
import { door } from '../support/door';
import { streamOf as opened } from '../support/streamOf';

const NOW = Date.parse('2026-02-11T16:00:00Z');
const request = { method: 'GET', path: '/x' };

/** Ways not to get anywhere, some of them while shipping things all the time. */
const failures: Record<string, () => Source['page']> = {
	'status 500': () => () => Promise.reject(new RequestError({ ...request, kind: 'http', status: 500 })),
	'status 401': () => () => Promise.reject(new RequestError({ ...request, kind: 'http', status: 401 })),
	'a bug': () => () => Promise.reject(new TypeError('x is not a function')),
	hanging: () => never,
	'the same position forever': () => async () => ({ events: [], invalid: [], next: { again: 1 } }),
	'nothing but new rubbish': () => {
		let n = 0;
		return async () => ({ events: [], invalid: [{ id: `r${n++}`, raw: '[]', reason: 'rubbish' }], next: { n: n % 2 } });
	},
};

const story = fc.record({
	neighbour: fc.constantFrom<SimName>('arpio', 'arcus', 'auditapi'),
	failing: fc.constantFrom(...Object.keys(failures)),
	steps: fc.array(fc.record({ events: fc.nat(4), waitMs: fc.nat(900_000) }), { minLength: 1, maxLength: 8 }),
	pageSize: fc.integer({ min: 1, max: 5 }),
});

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

property('I12: an endless failure next door changes nothing', story, async (told) => {
	expect(await observed(told, true)).toEqual(await observed(told, false));
	return { events: told.steps.reduce((sum, { events }) => sum + events, 0) };
});

/** What anybody can see of the healthy stream. */
async function observed({ neighbour, failing, steps, pageSize }: Story, withFailing: boolean) {
	const clock = new VirtualClock(NOW);
	const folder = scratch();
	const store = openStore(folder.path, { maxOutboxSize: 1e9, now: () => clock.now() });
	const sim = sims[neighbour](clock);
	const call = readingJson(simTransport(sim.api, sim.provider.authorize({ apiKey: sim.apiKey }), sim.basePath), clock);
	const receiver = new SimReceiver();
	const { signal } = new AbortController();
	const streamOf = (name: string) => opened(store, { name, fingerprint: 'f', destinations: ['siem'] });
	const pollerOf = (name: string, source: Source) =>
		createPoller({
			config: {
				start: fromMillis(NOW),
				latenessMs: 600_000,
				pollIntervalMs: 60_000,
				redact: [],
			} as unknown as SourceConfig,
			provider: sim.provider,
			source,
			store: streamOf(name),
			clock,
			random: () => 0.5,
			note: (error) => store.notePoll(name, error),
		});
	const delivery = createDelivery({
		destination: 'siem',
		outbox: store.outbox('siem'),
		encode: createEncoder({ version: '1', origin: () => ({ provider: sim.provider, tenant: 't' }) }),
		send: receiver.send(new Life(), new Faults([])),
		clock,
		random: () => 0.5,
	});
	try {
		const healthy = pollerOf('healthy', sim.provider.source(call, sim.settings, { pageSize }, door));
		const sick = pollerOf('sick', { onRejected: 'restart', page: failures[failing]!() });
		const seen: unknown[] = [];
		let count = 0;
		for (const { events, waitMs } of steps) {
			for (let n = 0; n < events; n++) sim.api.log.add(sim.event(`event-${count++}`, clock.now() * 1000));
			const beside: Promise<unknown> = withFailing ? sick.once(signal) : Promise.resolve();
			const failure = await clock.until(healthy.once(signal));
			if (failing !== 'hanging') await clock.until(beside);
			await clock.until(delivery.drain(signal));
			const { watermark } = (await streamOf('healthy').load())!;
			seen.push([failure, watermark, clock.now(), receiver.order.filter((id) => id.startsWith('event-'))]);
			clock.advance(waitMs);
		}
		expect([...receiver.copies].filter(([id, copies]) => id.startsWith('event-') && copies > 1)).toEqual([]);
		expect(receiver.order.filter((id) => id.startsWith('event-'))).toHaveLength(count);
		return seen;
	} finally {
		await store.close();
		folder.remove();
	}
}
