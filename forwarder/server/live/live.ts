/**
 * `GET /api/v1/live?path=…`: the answer of another path, at once and again whenever it is another one. It is made once for all who look at
 * the same, and only while somebody does.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../core/contract';
import { Refused, refusal, type Asked, type Authority, type Handler } from '../http/exchange';
import type { Find } from '../http/router';
import { handlerFor } from '../http/router';
import { eventText, type EventStream, type Streams } from './streams';

const EVERY_MS = 1000;
/** Making the answers takes one part in so many of the time, at most: with very many sources they come less often. */
const SHARE = 50;

interface Watch {
	ask: () => Promise<string>;
	/** As it was sent last. */
	text: string;
	event: Buffer;
	/** With what each was sent last. */
	readers: Map<EventStream, Buffer>;
}

export interface LiveDeps {
	clock: Clock;
	streams: Streams;
	/** Where the paths lead that can be followed. */
	find: Find;
}

export function createLive({ clock, streams, find }: LiveDeps): Handler {
	const watches = new Map<string, Watch>();
	/** Ends the work when nobody looks any more. */
	let running: AbortController | undefined;

	async function run(signal: AbortSignal): Promise<void> {
		for (let waitMs = EVERY_MS; ;) {
			await clock.sleep(waitMs, signal);
			if (signal.aborted) return;
			let took = 0;
			for (const [key, watch] of [...watches]) {
				const begun = performance.now();
				await tell(key, watch);
				took += performance.now() - begun;
				// whatever polls and ships goes first
				await nextTurn();
			}
			waitMs = Math.max(EVERY_MS, SHARE * took);
		}
	}

	function begin(): void {
		if (running) return;
		running = new AbortController();
		void run(running.signal);
	}

	function remove(key: string, watch: Watch): void {
		if (watches.get(key) === watch) watches.delete(key);
		if (watches.size > 0) return;
		running?.abort();
		running = undefined;
	}

	async function tell(key: string, watch: Watch): Promise<void> {
		let text: string;
		try {
			text = await watch.ask();
		} catch (error) {
			const why = error instanceof Refused ? error : new Refused(500, 'not available now; the log says why');
			const event = eventText(refusal(why, '/api/').body as string, 'refused');
			for (const reader of [...watch.readers.keys()]) {
				reader.send(event);
				reader.end();
			}
			return remove(key, watch);
		}
		if (text === watch.text) return;
		watch.text = text;
		watch.event = eventText(text);
		// who is behind gets the newest when he has caught up
		for (const reader of watch.readers.keys()) if (!reader.isBehind) send(watch, reader);
	}

	function send(watch: Watch, reader: EventStream): void {
		watch.readers.set(reader, watch.event);
		reader.send(watch.event);
	}

	return async (asked) => {
		const path = asked.query.get('path') ?? '';
		const ask = asker(path, asked, find);
		const key = `${asked.authority} ${path}`;
		const known = watches.get(key);
		const text = known?.text ?? (await ask());
		return streams.open(asked, (reader) => {
			const watch = watches.get(key) ?? { ask, text, event: eventText(text), readers: new Map<EventStream, Buffer>() };
			watches.set(key, watch);
			send(watch, reader);
			reader.onCaughtUp(() => {
				if (watch.readers.get(reader) !== watch.event) send(watch, reader);
			});
			begin();
			return () => {
				watch.readers.delete(reader);
				if (watch.readers.size === 0) remove(key, watch);
			};
		});
	};
}

/** Throws `Refused` when there is nothing to follow at the path. */
function asker(path: string, asked: Asked, find: Find): () => Promise<string> {
	const [, plain = '', search = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(path) ?? [];
	const found = plain.startsWith('/api/v1/') ? find(plain) : undefined;
	if (!found) throw new Refused(404, `path: there is nothing to follow at ${JSON.stringify(path.slice(0, 80))}`);
	const { handler } = handlerFor(found, 'GET');
	const { authority, by }: { authority: Authority; by: string } = asked;
	const query = new URLSearchParams(search);
	return async () => {
		const reply = await handler({ ...asked, authority, by, path: plain, params: found.params, query });
		if ('stream' in reply || typeof reply.body !== 'string') throw new Refused(400, 'path: cannot be followed');
		if (reply.status !== 200) throw new Refused(reply.status, 'path: is not answered now');
		return reply.body;
	};
}
