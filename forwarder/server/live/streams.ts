/** Server-sent events: who reads them, that they are told they are still connected, that there are not too many, and that none keeps a place without reading. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../core/contract';
import { Refused, type Asked, type StreamReply } from '../http/exchange';

/** Of one process: a browser has six of one host. */
const MOST = 200;
const HEARTBEAT_MS = 15_000;
/** Whoever takes nothing of what waits for him for so long is gone, or has forgotten it. */
const STUCK_MS = 60_000;
const HEARTBEAT = Buffer.from(':\n\n');

export interface EventStream {
	/** One event, as `eventText` writes it. */
	send(text: Uint8Array): void;
	/** Whoever reads has not taken what was sent before. */
	readonly isBehind: boolean;
	/** Called each time that it has. */
	onCaughtUp(listener: () => void): void;
	end(): void;
}

export function eventText(data: string, event?: string): Buffer {
	const lines = data.trimEnd().split('\n').join('\ndata: ');
	return Buffer.from(`${event === undefined ? '' : `event: ${event}\n`}data: ${lines}\n\n`);
}

export interface Streams {
	/** @param begin called when it is open; returns what is to be done at its end. Throws `Refused` when there are too many */
	open(asked: Asked, begin: (stream: EventStream) => () => void): StreamReply;
}

interface Reading {
	/** Takes nothing since then. Milliseconds since the epoch. */
	stuckSince: number | undefined;
	isStillKnown: Asked['isStillKnown'];
}

export function createStreams(clock: Clock): Streams {
	const open = new Map<ServerResponse, Reading>();
	/** Also of those whose answer has yet to begin: many may ask in one moment. */
	const places = new Set<AbortSignal>();
	let beating: AbortController | undefined;

	async function beat(signal: AbortSignal): Promise<void> {
		for (;;) {
			await clock.sleep(HEARTBEAT_MS, signal);
			if (signal.aborted) return;
			for (const [response, reading] of open) look(response, reading);
		}
	}

	function look(response: ServerResponse, reading: Reading): void {
		const { stuckSince, isStillKnown } = reading;
		const now = clock.now();
		if (!response.writableNeedDrain) response.write(HEARTBEAT);
		// a clock that was set back begins to count again
		else if (stuckSince === undefined || now < stuckSince) reading.stuckSince = now;
		else if (now - stuckSince >= STUCK_MS) response.destroy();
		void isStillKnown?.().then((isKnown) => isKnown || response.destroy());
	}

	function add(response: ServerResponse, reading: Reading): void {
		open.set(response, reading);
		response.on('drain', () => (reading.stuckSince = undefined));
		if (beating) return;
		beating = new AbortController();
		void beat(beating.signal);
	}

	function remove(response: ServerResponse): void {
		open.delete(response);
		if (open.size > 0) return;
		beating?.abort();
		beating = undefined;
	}

	return {
		open({ signal, isStillKnown }, begin) {
			if (places.size >= MOST) {
				const fix = 'Close some of the consoles and commands that follow this process';
				throw new Refused(503, `${MOST} already follow this process`, fix, { 'retry-after': '30' });
			}
			if (!signal.aborted) {
				places.add(signal);
				signal.addEventListener('abort', () => places.delete(signal), { once: true });
			}
			return {
				type: 'text/event-stream; charset=utf-8',
				stream(response) {
					add(response, { stuckSince: undefined, isStillKnown });
					response.flushHeaders();
					const ended = begin({
						send: (text) => void response.write(text),
						get isBehind() {
							return response.writableNeedDrain;
						},
						onCaughtUp: (listener) => void response.on('drain', listener),
						end: () => void response.end(),
					});
					const end = () => {
						signal.removeEventListener('abort', end);
						remove(response);
						ended();
						response.end();
					};
					if (signal.aborted) end();
					else signal.addEventListener('abort', end);
				},
			};
		},
	};
}
