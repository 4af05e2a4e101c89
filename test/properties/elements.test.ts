/**
 * I16: whatever is on a page, every good event on it is shipped once, every other element becomes a dead letter with its text as
 * received and with a gap record, and the stream goes on. What it costs is in test/providers/linear.test.ts.
 */
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import type { SourceConfig } from '../../forwarder/config/types';
import { createPoller } from '../../forwarder/run/poller';
import { createEncoder } from '../../forwarder/records/records';
import { exportState } from '../../forwarder/store/sqlite/exportState';
import { openStore } from '../../forwarder/store/sqlite/store';
import { readingJson } from '../../core/http/readJson';
import { fromMillis, parseInstant } from '../../core/time';
import { recordsOf, type OtlpRecord } from '../support/otlp';
import { CANARY, element, type Element } from './elements/element';
import { kinds, lastOf, respond } from './elements/provider';
import { property } from './tools/check';
import { VirtualClock } from './tools/clock';
import { scratch } from './tools/folder';
import { door } from '../support/door';
import { streamOf } from '../support/streamOf';

const NOW = Date.parse('2026-02-11T16:00:00Z');
const START = parseInstant('1678-01-01T00:00:00Z')!;

const story = fc.record({
	pages: fc.array(fc.array(element, { maxLength: 8 }), { minLength: 1, maxLength: 40, size: 'max' }),
	/** Elements of the page before that stand on a page once more. */
	overlap: fc.nat(3),
	/** The process ends while this page is read. */
	stopAt: fc.nat(40),
	redacts: fc.boolean(),
});

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

for (const name of ['arpio', 'arcus', 'auditapi', 'declared'] as const) {
	property(`I16: ${name}: one element does not stop the others`, story, (told) => shown(name, told));
}

async function shown(name: keyof typeof kinds, { pages: made, overlap, stopAt, redacts }: Story) {
	const kind = kinds[name];
	let count = 1000;
	const own = made.map((page, index) => [
		...page.map((make) => make(kind.names, String(count++))),
		lastOf(kind, index, fromMillis(NOW - index)),
	]);
	const pages = own.map((page, index) => [...(own[index - 1] ?? []).slice(0, overlap), ...page]);
	const { records, letters, refused } = await read(name, pages, stopAt, redacts);

	const elements = own.flat();
	const text = ({ bytes }: Element) => (redacts ? kept(bytes.toString()) : bytes.toString());
	const good = elements.filter(({ nanos }) => nanos !== undefined);
	const bad = new Set(elements.filter(({ nanos }) => nanos === undefined).map(text));
	const events = records.filter(({ eventName }) => eventName !== 'audit_relay.gap');

	expect(events.map(({ body }) => body).sort()).toEqual(good.map(text).sort());
	expect(letters.sort()).toEqual([...bad].sort());
	expect(refused).toBe(bad.size);
	expect(new Set(events.map(({ attributes }) => attributes['log.record.uid'])).size).toBe(good.length);
	const byText = new Map(events.map((record) => [record.body, record]));
	for (const one of good) expectTime(byText.get(text(one))!, one.nanos!);
	for (const one of good) expectSaid(byText.get(text(one))!, one.bytes);
	return { events: elements.length, pages: pages.length };
}

const kept = (text: string) => text.replaceAll(`"${CANARY}"`, '"[REDACTED]"');

/** OTLP has no place for what was before 1970: then it is the time of receipt, and the event's own beside it. */
function expectTime({ time, observed, attributes }: OtlpRecord, nanos: bigint): void {
	if (nanos >= 0n) return expect(time).toBe(nanos);
	expect(time).toBe(observed);
	expect(parseInstant(attributes['audit.event.time'])).toBe(nanos - (((nanos % 1000n) + 1000n) % 1000n));
}

/** Where U+FFFD stands for what was not Unicode, it is said; and nowhere else. */
function expectSaid({ attributes, body }: OtlpRecord, bytes: Buffer): void {
	const said = (attributes['audit.replaced'] as string[] | undefined) ?? [];
	expect(said.includes('body')).toBe(!Buffer.from(bytes.toString()).equals(bytes));
	if ((body as string).includes('\ufffd')) return;
	const broken = Object.keys(attributes).filter((name) => JSON.stringify(attributes[name]).includes('\ufffd'));
	expect(said.filter((name) => name !== 'body')).toEqual(expect.arrayContaining(broken));
}

/** From the provider's bytes through source, walk and file to the bytes on the wire, read by foreign code. */
async function read(
	name: keyof typeof kinds,
	pages: readonly (readonly Element[])[],
	stopAt: number,
	redacts: boolean,
) {
	const kind = kinds[name];
	const clock = new VirtualClock(NOW);
	const folder = scratch();
	const { provider } = kind;
	let stop: AbortController | undefined;
	let requests = 0;
	const call = readingJson(async (request) => {
		if (requests++ === stopAt) stop?.abort();
		return respond(kind, pages, request);
	}, clock);
	const config = {
		...{ provider: provider.name, start: START, latenessMs: 60_000, pollIntervalMs: 60_000 },
		redact: redacts ? ['secret'] : [],
	} as unknown as SourceConfig;
	try {
		// the process ends once, and after each of the two lives everything is read from the file
		for (stop of [new AbortController(), new AbortController()]) {
			const store = openStore(folder.path, { maxOutboxSize: 1e12, now: () => clock.now() });
			const poller = createPoller({
				...{ config, provider, clock },
				source: provider.source(call, { accountId: 'a' }, { pageSize: 100 }, door),
				store: streamOf(store, { name: 's', fingerprint: 'f', destinations: ['siem'] }),
				random: () => 0.5,
				note: async () => undefined,
			});
			expect(await poller.once(stop.signal)).toBeUndefined();
			await store.close();
			if (!stop.signal.aborted) break;
		}
		const store = openStore(folder.path, { maxOutboxSize: 1e12, now: () => clock.now() });
		const encode = createEncoder({ version: '1', origin: () => ({ provider, tenant: 't' }) });
		const batches = await store.outbox('siem').pending(-1, 10_000);
		const records = batches.flatMap((batch) => recordsOf(encode(batch)));
		await store.close();
		return { records, ...left(folder.path, redacts) };
	} finally {
		folder.remove();
	}
}

function left(path: string, redacts: boolean) {
	const db = new DatabaseSync(path);
	const letters = db.prepare("SELECT raw FROM dead_letters WHERE destination = ''").all();
	const gaps = db.prepare("SELECT detail FROM gaps WHERE reason = 'rejected'").all();
	let exported = '';
	exportState(db, 'now', (text) => (exported += text));
	if (redacts) expect(exported).not.toContain(CANARY);
	db.close();
	return {
		letters: letters.map(({ raw }) => String(raw)),
		refused: gaps.reduce((sum, { detail }) => sum + parseInt(String(detail), 10), 0),
	};
}
