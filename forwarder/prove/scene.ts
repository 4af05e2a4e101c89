/** One declared API, simulated, and one walk that reads it, in a time that nobody waits for. */
import type { Declaration } from '../../providers/declared/form/declaration';
import { declaredProvider } from '../../providers/declared/provider';
import { json, type SimReply } from '../../sandbox/api';
import { declaredApi, type DeclaredApi } from '../../sandbox/declared/api';
import { durationMs } from '../../sandbox/declared/bounds';
import { set, type Json } from '../../sandbox/declared/places';
import type { Readings } from '../../sandbox/declared/readings';
import type { NewEvent, StoredEvent } from '../../sandbox/eventLog';
import type { Subject } from './subject';

export interface Scene {
	readonly clock: { now(): number; sleep(ms: number): Promise<void>; advance(ms: number): void };
	readonly api: DeclaredApi;
	/** Milliseconds: events from here on are collected. */
	readonly start: number;
	/** Before anything that the API takes as a bound. */
	readonly tooOld: number;
	readonly latenessMs: number;
	/** By an answer without a list. */
	readonly isEmptySaid: boolean;
	/** Every text that an event had, and which event that is. */
	readonly texts: ReadonlyMap<string, string>;
	/** Events that have to arrive. */
	promised(): StoredEvent[];
	/** How many there are that cannot be held, and have to be told of. */
	readonly huge: number;
	/** Bytes of the longest event that can be. */
	readonly longest: number;
	addNow(count: number): void;
	/** Events that become visible this part of the lateness after their time. */
	addLate(part: number, count: number): void;
	addStoredLate(): void;
	addBurst(count: number): void;
	addAhead(ms: number): void;
	addBroken(): void;
	/** An event that is longer than any answer may be. */
	addHuge(bytes: number): void;
	/** A second event with the id of another one. */
	addTwin(): void;
	alter(): void;
	removeLastListed(): void;
	incomplete(): SimReply;
	limit(status: number): SimReply;
	elsewhere(reply: SimReply): SimReply;
}

/** A Monday morning. */
const NOW = Date.UTC(2026, 2, 2, 8, 15);
const HOUR = 3_600_000;

export function scene(
	{ declaration: declared, api: declaration = declared, settings, secrets, examples }: Subject,
	readings: Partial<Readings>,
	/** How far the clock of the API is ahead of ours. */
	skewMs = 0,
): Scene {
	let time = NOW;
	const clock = {
		now: () => time,
		advance: (ms: number) => void (time += ms),
		// nothing else is under way, so that the time may pass at once
		sleep: async (ms: number) => void (time += Math.max(0, ms)),
	};
	const theirs = () => time + skewMs;
	const api = declaredApi({ declaration, settings, secrets, examples, clock: { now: theirs }, readings });
	const provider = declaredProvider(declaration);
	const latenessMs = provider.lateness?.(settings) ?? provider.defaults.latenessMs;
	const start = NOW - longest(declaration);
	const texts = new Map<string, string>();
	let count = 0;
	let huge = 0;

	function put(event: NewEvent): StoredEvent {
		texts.set(event.raw, event.id);
		return api.log.add(event);
	}
	const add = (agoMs: number, visibleAt?: number) =>
		put(api.maker.event(count++, Math.round(theirs() - agoMs) * 1000, visibleAt));

	/** Some before the start, which are not collected, and some after it, the newest ones close together. */
	for (let n = 0; n < 12; n++) add(NOW - start + HOUR * (n + 1));
	for (let n = 1; n <= 24; n++) add(((NOW - start - 2000) * n ** 2) / 24 ** 2 + 500);
	// where one query ends and the next one begins
	const span = declaration.bounds.span === undefined ? Infinity : durationMs(declaration.bounds.span);
	for (let at = start + span; at < NOW - HOUR; at += span)
		for (let second = -9; second <= 9; second++) add(NOW - at + second * 1000);

	return {
		clock,
		api,
		start,
		tooOld: NOW - durationMs(declaration.bounds.oldest ?? '0s') - 24 * HOUR,
		latenessMs,
		isEmptySaid: declaration.list?.missing === 'empty',
		texts,
		get huge() {
			return huge;
		},
		longest: Math.max(...[...texts.keys()].map((text) => Buffer.byteLength(text))),
		promised: () => {
			const ids = new Set(texts.values());
			return api.log.all().filter(({ id, micros }) => ids.has(id) && micros >= start * 1000);
		},
		addNow: (many) => {
			for (let n = 0; n < many; n++) add(0, theirs());
		},
		addLate: (part, many) => {
			for (let n = 0; n < many; n++) add((latenessMs * part * (n + 1)) / many, theirs());
		},
		addStoredLate: () => void add(2 * HOUR, theirs()),
		addBurst: (many) => {
			for (let n = 0; n < many; n++) add(90_000, time);
		},
		addAhead: (ms) => void add(-ms, time),
		addBroken() {
			for (const raw of ['null', '"text"', `{"unexpected":${time}}`]) {
				api.log.add({ id: `broken${count}`, micros: (theirs() - 1000 * count++) * 1000, raw });
			}
		},
		addHuge(bytes) {
			const { raw, ...event } = api.maker.event(count++, (theirs() - 20_000) * 1000);
			api.log.add({ ...event, raw: raw.replace(/\}$/, `,"huge":"${'x'.repeat(bytes)}"}`) });
			huge++;
		},
		addTwin() {
			const of = add(30_000);
			put({ ...of, id: `twin${count}`, raw: of.raw.replace(/\}$/, `,"twin":${count}}`) });
		},
		alter() {
			// one that was read before
			const { id, raw } = api.log
				.all()
				.findLast((event) => texts.has(event.raw) && event.micros < (theirs() - 30_000) * 1000)!;
			const next = raw.replace(/\}$/, `,"changed":${time}}`);
			texts.set(next, id);
			api.log.tamper(id, next);
		},
		removeLastListed: () => void (api.lastListed && api.log.remove(api.lastListed.id)),
		incomplete() {
			const body: Json = {};
			set(body, declaration.incomplete!.at, 'partial');
			set(body, declaration.list!.at!, []);
			return json(200, body);
		},
		limit(status) {
			const { remaining, reset, resetAs = 'epoch', limited = [] } = declaration.limits;
			const words = limited.find((one) => typeof one === 'string' && one.startsWith(String(status)));
			const at = theirs() + 20_000;
			const value = {
				epoch: String(Math.ceil(at / 1000)),
				'epoch-ms': String(at),
				seconds: '20',
				date: new Date(at).toUTCString(),
			}[resetAs];
			const message = words === undefined ? 'too many requests' : String(words).slice(4);
			return json(status, { message }, { ...(remaining && { [remaining]: '0' }), ...(reset && { [reset]: value }) });
		},
		elsewhere(reply) {
			const moved = (text: string) => text.replaceAll(api.origin, 'https://elsewhere.test');
			const { link } = reply.headers;
			return {
				...reply,
				headers: link === undefined ? reply.headers : { ...reply.headers, link: [link].flat().map(moved) },
				body: moved(reply.body),
			};
		},
	};
}

/** How far back events are collected: over several queries where a range may be only so long, and nothing that is gone. */
function longest({ bounds, retention }: Declaration): number {
	const wanted = bounds.span === undefined ? 3 * HOUR : Math.max(3 * HOUR, 2.5 * durationMs(bounds.span));
	const kept = [retention, bounds.oldest].filter((one) => one !== undefined).map((one) => 0.6 * durationMs(one));
	return Math.floor(Math.min(wanted, ...kept) / 1000) * 1000;
}
