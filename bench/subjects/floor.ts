/** What cannot be spared: each page is got and parsed, and as many bytes as a request has are posted, ready beforehand. */
import { Pool } from 'undici';
import { providers } from '../../providers/registry';
import { createEncoder } from '../../forwarder/records/records';
import { requestOf } from '../../forwarder/export/request';
import { eventsOf, pages } from './pages';
import { eventOf } from './plainEvent';
import { FLOOR_RECORDS, type Task } from './task';

const IN_FLIGHT = 4;

export async function floor(task: Task): Promise<void> {
	const pool = new Pool(task.receiver, { connections: IN_FLIGHT });
	const running = new Set<Promise<void>>();
	let ready: Uint8Array | undefined;
	let waiting = 0;

	async function post(body: Uint8Array): Promise<void> {
		const headers = { 'content-type': 'application/x-protobuf' };
		const response = await pool.request({ method: 'POST', path: '/v1/logs', headers, body });
		await response.body.dump();
	}

	for await (const body of pages(task)) {
		const events = eventsOf(task.shape, body);
		ready ??= request(task, events);
		waiting += events.length;
		if (waiting < FLOOR_RECORDS) continue;
		waiting -= FLOOR_RECORDS;
		while (running.size >= IN_FLIGHT) await Promise.race(running);
		const one = post(ready).finally(() => running.delete(one));
		running.add(one);
	}
	await Promise.all(running);
	await pool.close();
}

/** A request with 500 records, of the events of the first page over and over. */
function request({ shape }: Task, page: ReturnType<typeof eventsOf>): Uint8Array {
	const events = Array.from({ length: FLOOR_RECORDS }, (_, index) => eventOf(shape, page[index % page.length]!));
	const origin = { provider: providers[shape], tenant: 'bench' };
	const encode = createEncoder({ version: '0', origin: () => origin });
	const batch = { id: 1, stream: 'bench', observed: events[0]!.time, events, gaps: [] };
	return requestOf(encode(batch));
}
