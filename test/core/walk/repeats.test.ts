/**
 * Providers that list more than they were asked for: filters coarser than documented, filters ignored, times that change.
 * Through each provider's own source, over restarts and over what the ledger forgets: every event once, and never again.
 */
import { arcusErp } from '../../../providers/arcus-erp/provider';
import { arpio } from '../../../providers/arpio/provider';
import { auditApi } from '../../../providers/auditapi/provider';
import type { Nanos, Source, SourceEvent } from '../../../core/contract';
import { DAY, fromMillis } from '../../../core/time';
import type { StreamStore } from '../../../core/walk/contract';
import { beginStream } from '../../../core/walk/stream';
import { poll, type WalkProgress } from '../../../core/walk/walk';
import type { Store } from '../../../forwarder/store/contract';
import { arcusApi } from '../../../sandbox/arcus/api';
import { arcusEntry } from '../../../sandbox/arcus/events';
import { arcusSandboxKey } from '../../../sandbox/arcus/keys';
import { arpioApi, arpioSandboxKey } from '../../../sandbox/arpio/api';
import { arpioAccountId, arpioEvent } from '../../../sandbox/arpio/events';
import { auditApi as simulatedAuditApi, auditApiSandboxKey } from '../../../sandbox/auditapi/api';
import { auditApiEvent } from '../../../sandbox/auditapi/events';
import type { EventLog, NewEvent } from '../../../sandbox/eventLog';
import { simClock, type SimClock } from '../../support/clock';
import { simCall } from '../../support/simCall';
import { stateFile, type StateFile } from '../../support/stateFile';
import { door } from '../../support/door';
import { streamOf } from '../../support/streamOf';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LATENESS = 10 * MINUTE;

let clock: SimClock;
let file: StateFile;
let store: Store;
let stream: StreamStore;
let progress: Extract<WalkProgress, { kind: 'page' }>[];

beforeEach(() => {
	clock = simClock();
	file = stateFile(() => clock.now());
	progress = [];
	restart();
});
afterEach(() => file.remove());

function restart(keepLedger?: Nanos): void {
	store = file.open();
	stream = streamOf(store, { name: 's', fingerprint: 'f', destinations: ['siem'], ...(keepLedger && { keepLedger }) });
}

async function pollNow(source: Source): Promise<void> {
	const options = { lateness: fromMillis(LATENESS), maxPages: 1000, keepSeen: 0n };
	const onProgress = (one: WalkProgress) => void (one.kind === 'page' && progress.push(one));
	await poll({ source, store: stream, clock, options, onProgress });
}

const begin = (agoMs: number) => beginStream(stream, fromMillis(clock.now() - agoMs), fromMillis(clock.now()));
const batches = () => store.outbox('siem').pending(0, 1000);
/** In commit order; each copy counts. */
const shipped = async () => (await batches()).flatMap(({ events }) => events.map(({ id }) => id));
const told = async () =>
	(await batches()).flatMap(({ gaps }) => gaps).filter(({ reason }) => reason !== 'collection_start');
const sum = (name: 'late' | 'forgotten') => progress.reduce((total, one) => total + one[name], 0);

interface Subject {
	source: Source;
	log: EventLog;
	event: (id: string, micros: number) => NewEvent;
}

const subjects: Record<string, (filter: 'day' | 'ignored') => Subject> = {
	arpio(timeFilter) {
		const api = arpioApi({ clock, switches: { timeFilter } });
		const headers = arpio.authorize({ apiKey: `${arpioSandboxKey.id}:${arpioSandboxKey.secret}` });
		const source = arpio.source(simCall(api, clock, headers), { accountId: arpioAccountId }, { pageSize: 5 }, door);
		return { source, log: api.log, event: (id, micros) => arpioEvent({ id, micros }) };
	},
	'arcus-erp'(timeFilter) {
		const api = arcusApi({ clock, switches: { timeFilter, rateLimit: 'off' } });
		const call = simCall(api, clock, arcusErp.authorize({ apiKey: arcusSandboxKey.key }), '/v1');
		const source = arcusErp.source(call, {}, { pageSize: 5 }, door);
		return { source, log: api.log, event: (id, micros) => arcusEntry(api.log, { id, micros }) };
	},
	auditapi(timeFilter) {
		const api = simulatedAuditApi({ clock, switches: { timeFilter } });
		const call = simCall(api, clock, auditApi.authorize({ apiKey: auditApiSandboxKey }), '/v1');
		// a climb sends no dates, and returns nothing from below its anchor
		const { memory: _, ...source } = auditApi.source(call, {}, { pageSize: 5 }, door);
		return { source, log: api.log, event: (id, at) => auditApiEvent({ id, at, payload: { action: 'x' } }) };
	},
};

describe.each(Object.keys(subjects))('%s', (name) => {
	let made = 0;
	const happen = ({ log, event }: Subject, agoMs: number, lateMs = 0) => {
		const id = `00000000-0000-4000-8000-${String(made++).padStart(12, '0')}`;
		log.add({ ...event(id, (clock.now() - agoMs) * 1000), visibleAt: clock.now() + lateMs });
		return id;
	};
	const everyId = ({ log }: Subject) =>
		log
			.all()
			.map(({ id }) => id)
			.sort();

	test.each(['day', 'ignored'] as const)(
		'time filter: %s. Every event once in 22 polls over hours, with restarts',
		async (filter) => {
			const subject = subjects[name]!(filter);
			for (let i = 0; i < 6; i++) happen(subject, i * 20 * MINUTE);
			await begin(12 * HOUR);
			for (let round = 0; round < 22; round++) {
				if (round % 5 === 4) restart();
				if (round % 3 === 0) happen(subject, 0);
				await pollNow(subject.source);
				clock.advance(20 * MINUTE);
			}
			expect((await shipped()).sort()).toEqual(everyId(subject));
			expect([sum('late'), sum('forgotten'), await told()]).toEqual([0, 0, []]);
		},
	);

	test('what comes later than the lateness, and is listed anyway, is shipped once and counted', async () => {
		const subject = subjects[name]!('ignored');
		happen(subject, 25 * 24 * HOUR);
		await begin(31 * 24 * HOUR);
		await pollNow(subject.source);
		clock.advance(HOUR);
		await pollNow(subject.source);
		const late = [happen(subject, 20 * 24 * HOUR), happen(subject, 50 * MINUTE)];
		for (let round = 0; round < 6; round++) {
			await pollNow(subject.source);
			clock.advance(3 * HOUR);
			restart();
		}
		expect((await shipped()).slice(1).sort()).toEqual(late);
		expect([sum('late'), sum('forgotten'), await told()]).toEqual([2, 0, []]);
	});

	test('below what is remembered nothing is shipped: it is counted, and said once', async () => {
		const subject = subjects[name]!('ignored');
		for (let i = 0; i < 6; i++) happen(subject, i * 20 * MINUTE);
		const keep = 10n * DAY;
		restart(keep);
		await begin(12 * HOUR);
		await pollNow(subject.source);
		expect(await shipped()).toHaveLength(6);
		clock.advance(11 * 24 * HOUR);
		for (let round = 0; round < 4; round++) {
			await pollNow(subject.source);
			clock.advance(HOUR);
			restart(keep);
		}
		expect(await shipped()).toHaveLength(6);
		const gaps = await told();
		expect(gaps).toEqual([expect.objectContaining({ reason: 'filter_ignored' })]);
		expect(gaps[0]!.detail).toMatch(/ignores its time filter: \d events older than what is remembered/);
		expect(sum('forgotten')).toBeGreaterThan(6);
		const fresh = happen(subject, 0);
		await pollNow(subject.source);
		expect((await shipped()).slice(6)).toEqual([fresh]);
	});
});

describe('an event whose time the provider changes', () => {
	const event = (id: string, agoMs: number): SourceEvent => ({
		id,
		time: fromMillis(clock.now() - agoMs),
		raw: `{"id":"${id}"}`,
		json: { id },
	});
	const listing = (events: () => SourceEvent[]): Source => ({
		onRejected: 'restart',
		page: async () => ({ events: events(), invalid: [], serverTime: fromMillis(clock.now()) }),
	});

	test.each([
		['while it is still listed', 0],
		['when it was forgotten as a repeat', 5 * HOUR],
	])('%s: is not shipped again, after a restart neither', async (_when, laterMs) => {
		await begin(12 * HOUR);
		const [a, b] = [event('a', MINUTE), event('b', MINUTE)];
		await pollNow(listing(() => [a, b]));
		clock.advance(laterMs);
		await pollNow(listing(() => []));
		await pollNow(listing(() => [event('a', 0), { ...b, time: b.time + 1n }]));
		restart();
		await pollNow(listing(() => [event('a', MINUTE)]));
		expect(await shipped()).toEqual(['a', 'b']);
	});
});

test.each([
	['in time', 0],
	['with a clock of the provider that is an hour behind in every other answer', HOUR],
])('an element that is not an event, and is listed forever %s, is said once', async (_how, behindMs) => {
	await begin(HOUR);
	const element = { id: 'x', raw: 'NaN', reason: 'not JSON' };
	let polls = 0;
	const source: Source = {
		onRejected: 'restart',
		page: async () => ({
			events: [],
			invalid: [element],
			serverTime: fromMillis(clock.now() - (polls++ % 2) * behindMs),
		}),
	};
	for (let round = 0; round < 40; round++) {
		await pollNow(source);
		clock.advance(5 * MINUTE);
		if (round % 10 === 9) restart();
	}
	expect(await told()).toEqual([expect.objectContaining({ reason: 'rejected' })]);
});
