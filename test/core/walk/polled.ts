/** One account of a simulated provider, polled again and again: what the tests of the walk share. */
import { arpio } from '../../../providers/arpio/provider';
import type { Position, Range, Source } from '../../../core/contract';
import { fromMillis } from '../../../core/time';
import { beginStream } from '../../../core/walk/stream';
import type { StreamStore, WalkOptions } from '../../../core/walk/contract';
import { poll } from '../../../core/walk/walk';
import type { Store } from '../../../forwarder/store/contract';
import { arpioApi, arpioSandboxKey, type ArpioApi } from '../../../sandbox/arpio/api';
import { arpioAccountId, arpioEvent } from '../../../sandbox/arpio/events';
import { simClock, type SimClock } from '../../support/clock';
import { simCall } from '../../support/simCall';
import { stateFile, type StateFile } from '../../support/stateFile';
import { door } from '../../support/door';
import { streamOf } from '../../support/streamOf';

export const MINUTE = 60_000;
export const LATENESS = 10 * MINUTE;

export let clock: SimClock;
export let api: ArpioApi;
export let file: StateFile;
export let store: Store;
export let stream: StreamStore;
export let source: Source;
export let requests: { range: Range; position?: Position }[];
export const options: WalkOptions = { lateness: fromMillis(LATENESS), maxPages: 100, keepSeen: 0n };

/** An account of its own for each test of a file. */
export function polled(): void {
	beforeEach(async () => {
		clock = simClock();
		api = arpioApi({ clock });
		file = stateFile(() => clock.now());
		requests = [];
		const headers = arpio.authorize({ apiKey: `${arpioSandboxKey.id}:${arpioSandboxKey.secret}` });
		const inner = arpio.source(simCall(api, clock, headers), { accountId: arpioAccountId }, { pageSize: 3 }, door);
		source = {
			...inner,
			page: (range, position, signal) => {
				requests.push({ range, position });
				return inner.page(range, position, signal);
			},
		};
		restart();
		await beginStream(stream, fromMillis(clock.now() - 60 * MINUTE), fromMillis(clock.now()));
	});

	afterEach(() => file.remove());
}

export function restart(): void {
	store = file.open();
	stream = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
}

/** An event of `agoMs` before now. */
export function happen(id: string, agoMs = 0, visibleInMs = 0): void {
	const micros = Math.round((clock.now() - agoMs) * 1000);
	const { raw } = arpioEvent({
		id,
		micros,
		accountId: arpioAccountId,
		type: 'updateApplication',
		url: '',
		statusCode: 200,
	});
	api.log.add({ id, micros, raw, visibleAt: clock.now() + visibleInMs });
}

export async function pollNow(given: Partial<WalkOptions> = {}, from = source): Promise<void> {
	await poll({ source: from, store: stream, clock, options: { ...options, ...given } });
}

/** Ids in the outbox, in commit order: each copy counts. */
export async function shipped(): Promise<string[]> {
	return (await store.outbox('siem').pending(0, 1000)).flatMap(({ events }) => events.map(({ id }) => id));
}

export const watermarkMs = async () => Number((await stream.load())!.watermark / 1_000_000n);
