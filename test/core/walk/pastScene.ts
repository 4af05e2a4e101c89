/** A simulated provider with a past, a state file, and a live stream that began in the middle of it. */
import { arcusErp } from '../../../providers/arcus-erp/provider';
import { arpio } from '../../../providers/arpio/provider';
import { auditApi } from '../../../providers/auditapi/provider';
import type { Range, Source, Transport } from '../../../core/contract';
import type { Provider } from '../../../core/provider';
import { RequestError } from '../../../core/http/failure';
import { readingJson } from '../../../core/http/readJson';
import { fromMillis } from '../../../core/time';
import { fillNext, type JobStore, type Step } from '../../../core/walk/backfill';
import type { StreamStore, WalkOptions } from '../../../core/walk/contract';
import { beginStream } from '../../../core/walk/stream';
import { poll, type WalkProgress } from '../../../core/walk/walk';
import { askForBackfill, newestBackfills } from '../../../forwarder/store/sqlite/backfills';
import { amendState } from '../../../forwarder/store/sqlite/open';
import type { Store } from '../../../forwarder/store/contract';
import { arcusApi } from '../../../sandbox/arcus/api';
import { arcusEntry } from '../../../sandbox/arcus/events';
import { arcusSandboxKey } from '../../../sandbox/arcus/keys';
import { arpioApi, arpioSandboxKey } from '../../../sandbox/arpio/api';
import { arpioAccountId, arpioEvent } from '../../../sandbox/arpio/events';
import { auditApi as auditApiApi, auditApiSandboxKey } from '../../../sandbox/auditapi/api';
import { auditApiEvent } from '../../../sandbox/auditapi/events';
import type { Clock } from '../../../sandbox/api';
import { simClock } from '../../support/clock';
import { simTransport } from '../../support/simCall';
import { stateFile } from '../../support/stateFile';
import { door } from '../../support/door';
import { streamOf } from '../../support/streamOf';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const LATENESS = 600_000;

export type SimName = 'arpio' | 'arcus' | 'auditapi';

/** `micros` in whole microseconds, as the providers keep it. */
function sim(name: SimName, clock: Clock) {
	const sims = {
		arpio: () => {
			const api = arpioApi({ clock, switches: { order: 'shuffled' } });
			const event = (id: string, micros: number, text: string) => arpioEvent({ id, micros, url: text });
			return { api, event, provider: arpio, key: `${arpioSandboxKey.id}:${arpioSandboxKey.secret}`, base: '' };
		},
		arcus: () => {
			const api = arcusApi({ clock, switches: { rateLimit: 'off', fromDate: 'exclusive', toDate: 'exclusive' } });
			const event = (id: string, micros: number, description: string) =>
				arcusEntry(api.log, { id, micros, description });
			return { api, event, provider: arcusErp, key: arcusSandboxKey.key, base: '/v1' };
		},
		auditapi: () => {
			const api = auditApiApi({ clock, switches: { endDate: 'exclusive', dayOffsetMinutes: 13 * 60 } });
			const event = (id: string, micros: number, text: string) => auditApiEvent({ id, at: micros, payload: { text } });
			return { api, event, provider: auditApi, key: auditApiSandboxKey, base: '/v1' };
		},
	};
	return sims[name]();
}

/**
 * `understood`: how the provider takes the bounds that it is given. `between`: what stands between us and it. `maxPageSize`: what
 * is asked for while catching up.
 */
export function pastScene(
	name: SimName,
	pageSize = 5,
	understood = (range: Range): Range => range,
	between = (transport: Transport): Transport => transport,
	maxPageSize = pageSize,
) {
	const clock = simClock();
	const { api, event, provider, key, base }: ReturnType<typeof sim> & { provider: Provider } = sim(name, clock);
	const file = stateFile(() => clock.now());
	const options: WalkOptions = { lateness: fromMillis(LATENESS), maxPages: 1000, keepSeen: 0n };
	const settings = name === 'arpio' ? { accountId: arpioAccountId } : {};
	const transport = between(simTransport(api, provider.authorize({ apiKey: key }), base));
	const inner = provider.source(readingJson(transport, clock), settings, { pageSize, maxPageSize }, door);
	let store: Store;
	let stream: StreamStore;
	let jobs: JobStore;
	const told: WalkProgress[] = [];
	let requests = 0;
	let crashAt = Infinity;
	const source: Source = {
		...inner,
		page: async (range, ...args) => {
			if (++requests >= crashAt) throw new RequestError({ method: 'GET', path: '/', kind: 'http', status: 500 });
			return inner.page(understood(range), ...args);
		},
	};

	let start = clock.now() - 2 * DAY;
	const next = () => fillNext({ source, store: jobs, clock, options });

	function restart(): void {
		store = file.open();
		stream = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
		jobs = store.backfills({ name: 'dr', destinations: ['siem'] });
	}
	restart();

	return {
		clock,
		api,
		/** Where the live stream begins. */
		get start() {
			return start;
		},
		set start(ms) {
			start = ms;
		},
		get requests() {
			return requests;
		},
		/** The n-th request from now on fails, and all after it; what was in memory then is gone. */
		crashAt: (number: number) => {
			[requests, crashAt] = [0, number];
		},
		restart,
		happen: (id: string, ms: number, visibleAt = 0, text = '') =>
			api.log.add({ ...event(id, Math.round(ms * 1000), text), visibleAt }),
		begin: () => beginStream(stream, fromMillis(start), fromMillis(clock.now())),
		live: (signal?: AbortSignal) =>
			poll({ source: inner, store: stream, clock, options, signal, onProgress: told.push.bind(told) }),
		/** What was in the way of the live walk. */
		told: () => told.filter(({ kind }) => kind !== 'page'),
		ask(fromMs: number, toMs = start): boolean {
			const db = amendState(file.path);
			const range = { from: fromMillis(fromMs), to: fromMillis(toMs) };
			const added = askForBackfill(db, { stream: 'dr', asked: '', ...range, now: fromMillis(clock.now()) });
			db.close();
			return added;
		},
		next,
		async fill(): Promise<Step[]> {
			const steps: Step[] = [];
			for (;;) {
				const step = await next();
				if (step.kind === 'none') return steps;
				if (step.kind === 'early') await clock.sleep(step.until - clock.now());
				steps.push(step);
			}
		},
		/** Ids in the outbox, each copy counts. */
		shipped: async () =>
			(await store.outbox('siem').pending(0, 100_000)).flatMap(({ events }) => events.map(({ id }) => id)).sort(),
		job: () => {
			const db = amendState(file.path);
			const [job] = newestBackfills(db);
			db.close();
			return job!;
		},
		covered: () => jobs.covered(),
		stream: () => stream,
		store: () => store,
		source: inner,
		path: file.path,
		remove: () => file.remove(),
	};
}

export type PastScene = ReturnType<typeof pastScene>;
