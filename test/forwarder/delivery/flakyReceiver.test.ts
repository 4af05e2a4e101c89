import { inspect } from 'node:util';
import { createDelivery, type DeliveryNotice } from '../../../forwarder/delivery/delivery';
import { createDestination } from '../../../forwarder/export/destination';
import { TestClock } from './support/clock';
import { uids } from './support/decode';
import { batch, encoder, ids } from './support/events';
import { MemoryOutbox } from './support/outbox';
import { partialSuccess, Receiver, status, type Respond } from './support/receiver';

const CANARY = 'canary-7f3a9c';

/** Numbers below 1, the same for the same seed. */
function seeded(seed: number): () => number {
	return () => (seed = (seed * 48271) % 2147483647) / 2147483647;
}

describe.each([1, 2, 3])('a receiver that fails in every way (seed %d)', (seed) => {
	it('loses no event of 3,000', async () => {
		const random = seeded(seed);
		const stored: string[] = [];
		let faults = 0;
		const store = (request: { body: Buffer }) => stored.push(...uids(request.body));
		const failures: Respond[] = [
			status(503, CANARY, { 'retry-after': '0' }),
			status(429, '', { 'retry-after': '30' }),
			status(500),
			status(502),
			status(401, `bad key ${CANARY}`),
			status(200, '<html>maintenance</html>', { 'content-type': 'text/html' }),
			(_response, _request, socket) => socket.resetAndDestroy(),
			// took the records, then lost the connection
			(_response, request, socket) => (store(request), socket.destroy()),
			// took the records, answers too late
			(_response, request) => void store(request),
		];
		const receiver = await Receiver.start((response, request, socket) => {
			const sent = uids(request.body);
			if (sent.includes('arpio:e7')) return status(400, 'bad record')(response, request, socket);
			if (sent.length > 60) return status(413)(response, request, socket);
			if (random() < 0.4) {
				faults++;
				return failures[Math.floor(random() * failures.length)]!(response, request, socket);
			}
			// of a single record, that would be a refusal of this one
			if (sent.length > 1 && random() < 0.03) {
				faults++;
				return status(200, partialSuccess(1, 'one is bad'))(response, request, socket);
			}
			store(request);
			status(200)(response, request, socket);
		});
		const clock = new TestClock();
		const outbox = new MemoryOutbox();
		const notices: DeliveryNotice[] = [];
		const destination = createDestination(
			{
				name: 'siem',
				endpoint: receiver.endpoint,
				headers: () => ({ 'dd-api-key': CANARY }),
				compression: 'gzip',
				timeoutMs: 100,
				lenientResponse: false,
				inFlight: 4,
			},
			{ clock, version: '1.2.3', env: {} },
		);
		const delivery = createDelivery({
			destination: destination.name,
			outbox,
			encode: encoder(),
			send: (items, signal) => destination.send(items, signal),
			clock,
			random,
			report: (notice) => notices.push(notice),
		});
		const all = ids(3_000);
		for (let id = 0; id < 30; id++) outbox.add(batch(id, all.slice(id * 100, id * 100 + 100)));

		const stop = new AbortController();
		const run = delivery.run(stop.signal);
		await clock.until(
			(async () => {
				while (outbox.batches.length > 0) await clock.sleep(1_000);
			})(),
		);
		stop.abort();
		await run;
		await destination.close();
		await receiver.stop();

		expect(faults).toBeGreaterThan(20);
		expect(outbox.acknowledged).toEqual(Array.from({ length: 30 }, (_, id) => id));
		const safe = new Set([...stored, ...outbox.deadLetters.map(({ eventId }) => `arpio:${eventId}`)]);
		expect(all.filter((id) => !safe.has(`arpio:${id}`))).toEqual([]);
		expect(outbox.deadLetters.filter(({ reason }) => reason === 'rejected').map(({ eventId }) => eventId)).toEqual([
			'e7',
		]);
		expect(stored.length - new Set(stored).size).toBeLessThanOrEqual(faults * 60);
		expect(inspect([notices, delivery.status(), outbox.deadLetters], { depth: 9, maxArrayLength: null })).not.toContain(
			CANARY,
		);
	}, 60_000);
});
