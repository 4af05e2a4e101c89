/**
 * `GET /api/v1/live?path=…&path=…`: the answers of other paths, at once and again whenever they are others. Each is made once for all who
 * look at it, and only while somebody does.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../core/contract';
import { Refused, refusal, type Asked, type Handler } from '../http/exchange';
import { handlerFor, type Find } from '../http/router';
import { eventText, type EventStream, type Streams } from './streams';

const EVERY_MS = 1000;
/** Making the answers takes one part in so many of the time, at most: with very many sources they come less often. */
const SHARE = 66;
/** A view of the console looks at two or three. */
const MOST_PATHS = 16;

interface Watch {
	/** `{ path, body }`, or `{ path, status, error }`. Never rejects. */
	ask: () => Promise<string>;
	/** Tells that it is followed. Returns what ends that. */
	follow: () => () => void;
	/** Somebody does. */
	unfollow?: () => void;
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
	onError: (error: unknown, path: string) => void;
}

export function createLive({ clock, streams, find, onError }: LiveDeps): Handler {
	const watches = new Map<string, Watch>();
	/** Whose first answer is being made. */
	const coming = new Map<string, Promise<Watch>>();
	/** Ends the work when nobody looks any more. */
	let running: AbortController | undefined;

	async function run(signal: AbortSignal): Promise<void> {
		for (let waitMs = EVERY_MS; ;) {
			await clock.sleep(waitMs, signal);
			if (signal.aborted) return;
			let took = 0;
			for (const watch of [...watches.values()]) {
				const begun = performance.now();
				await look(watch);
				took += performance.now() - begun;
				// whatever polls and ships goes first
				await nextTurn();
			}
			waitMs = Math.max(EVERY_MS, SHARE * took);
		}
	}

	async function look(watch: Watch): Promise<void> {
		const text = await watch.ask();
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

	/** Many come at once after a restart. */
	async function watchOf(path: string, asked: Asked): Promise<[string, Watch]> {
		const key = `${asked.authority} ${path}`;
		const known = watches.get(key) ?? coming.get(key);
		if (known) return [key, await known];
		const first = firstOf(path, asked).finally(() => coming.delete(key));
		coming.set(key, first);
		return [key, await first];
	}

	async function firstOf(path: string, asked: Asked): Promise<Watch> {
		const ask = framing(path, asked);
		const text = await ask();
		return { ask, follow: followingOf(path, find), text, event: eventText(text), readers: new Map() };
	}

	function framing(path: string, asked: Asked): () => Promise<string> {
		const head = `{"path":${JSON.stringify(path)}`;
		return async () => {
			try {
				return `${head},"body":${await answerAt(path, asked, find)}}`;
			} catch (error) {
				const why = error instanceof Refused ? error : new Refused(500, 'not available now; the log says why');
				if (why !== error) onError(error, path);
				return `${head},"status":${why.status},${String(refusal(why, '/api/').body).trim().slice(1)}`;
			}
		};
	}

	function begin(): void {
		if (running) return;
		running = new AbortController();
		void run(running.signal);
	}

	function end(key: string, reader: EventStream): void {
		const watch = watches.get(key);
		watch?.readers.delete(reader);
		if (watch?.readers.size === 0) {
			watches.delete(key);
			watch.unfollow?.();
		}
		if (watches.size > 0) return;
		running?.abort();
		running = undefined;
	}

	return async (asked) => {
		const paths = [...new Set(asked.query.getAll('path'))];
		if (paths.length === 0 || paths.length > MOST_PATHS)
			throw new Refused(400, `path: ${paths.length} are given`, `Give 1 to ${MOST_PATHS}`);
		const those = await Promise.all(paths.map((path) => watchOf(path, asked)));
		return streams.open(asked, (reader) => {
			for (const [key, found] of those) {
				// somebody else may have begun to look at it meanwhile
				const watch = watches.get(key) ?? found;
				watches.set(key, watch);
				watch.unfollow ??= watch.follow();
				send(watch, reader);
			}
			reader.onCaughtUp(() => {
				for (const [key] of those) {
					const watch = watches.get(key);
					if (watch && watch.readers.get(reader) !== watch.event) send(watch, reader);
				}
			});
			begin();
			return () => those.forEach(([key]) => end(key, reader));
		});
	};
}

function parted(path: string): { plain: string; search: string } {
	const [, plain = '', search = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(path) ?? [];
	return { plain, search };
}

function followingOf(path: string, find: Find): () => () => void {
	const found = find(parted(path).plain);
	return () => found?.methods.followed?.(found.params) ?? (() => undefined);
}

/** JSON. Throws `Refused` when there is nothing to follow at the path. */
async function answerAt(path: string, asked: Asked, find: Find): Promise<string> {
	const { plain, search } = parted(path);
	const found = find(plain);
	if (!found) throw new Refused(404, `there is nothing to follow at ${JSON.stringify(path.slice(0, 80))}`);
	const { handler } = handlerFor(found, 'GET');
	const query = new URLSearchParams(search);
	const reply = await handler({ ...asked, path: plain, params: found.params, query });
	if ('stream' in reply || typeof reply.body !== 'string') throw new Refused(400, 'this cannot be followed');
	return reply.body.trimEnd();
}
