/** Simulated providers: each key has an address of its own, and reads several streams below it. */
import type { SimulatedApi } from '../../sandbox/api';
import { arcusApi } from '../../sandbox/arcus/api';
import { arpioApi } from '../../sandbox/arpio/api';
import { auditApi } from '../../sandbox/auditapi/api';
import { eventLog, type EventLog } from '../../sandbox/eventLog';
import type { Fault } from '../../sandbox/faults';
import { serve, type SimServer } from '../../sandbox/server';
import type { Label } from '../chaos/traffic';
import type { Tally } from '../trial/dice';
import { type Dice } from '../trial/dice';
import type { Asked, Pause } from './pace';

export interface Stream {
	name: string;
	label: Label;
	/** What a source needs beside the address and the key. */
	settings: string;
	log: EventLog;
}

export interface Key {
	readonly name: string;
	readonly label: Label;
	readonly secret: string;
	readonly baseUrl: string;
	readonly streams: readonly Stream[];
	readonly requestsPerMinute: number;
	readonly asked: readonly Asked[];
	readonly pauses: readonly Pause[];
	/** The next request is refused. Resolves when it was. */
	refuse(seconds: number): Promise<Pause>;
	/** Every answer takes so long. */
	setLatency(ms: number): void;
	/** Share of requests that fail. */
	setRate(rate: number): void;
	close(): Promise<void>;
}

/** So many streams has each key of these. */
const STREAMS: Readonly<Record<Label, number>> = { arpio: 3, arcus: 2, auditapi: 1 };
export const LABELS: readonly Label[] = ['arpio', 'auditapi', 'arpio', 'arcus', 'auditapi'];

export interface KeyOptions {
	number: number;
	label: Label;
	draw: Dice;
	faults: Tally;
	requestsPerMinute: number;
}

export async function startKey({ number, label, draw, faults, requestsPerMinute }: KeyOptions): Promise<Key> {
	const name = `${label}-${number}`;
	const secret = `key-${number}-of-a-trial`;
	const count = STREAMS[label];
	const streams = Array.from({ length: count }, (_, index): Stream & { api: SimulatedApi } => {
		const log = eventLog();
		const tenant = `tenant${number}x${index}`;
		return { name: count === 1 ? name : `${name}-${index}`, label, log, ...apiOf(label, log, tenant, secret) };
	});
	const asked: Asked[] = [];
	const pauses: Pause[] = [];
	let latency = 0;
	let rate = 0;
	let refusal: { seconds: number; done: (pause: Pause) => void } | undefined;

	function plan(): Fault | undefined {
		const at = Date.now();
		asked.push({ at });
		if (refusal) {
			const { seconds, done } = refusal;
			refusal = undefined;
			const pause = { from: at, to: at + seconds * 1000 };
			pauses.push(pause);
			faults.add('429 Retry-After');
			done(pause);
			return { kind: 'throttled', retryAfter: { seconds } };
		}
		if (draw.chance(rate)) {
			const fault = draw.pick(FAULTS);
			faults.add(fault.kind);
			return fault;
		}
		return latency > 0 ? { kind: 'slow', pauseMs: latency, pieces: 1 } : undefined;
	}

	const api: SimulatedApi = {
		handle(request) {
			const tenant = streams.find(({ settings }) => request.url.includes(settings.split(': ')[1] ?? '/'));
			return tenant!.api.handle(request);
		},
	};
	const server: SimServer = await serve(api, { faults: plan });
	return {
		...{ name, label, streams, asked, pauses, requestsPerMinute },
		secret: label === 'arpio' ? `trial:${secret}` : secret,
		baseUrl: label === 'arpio' ? server.url : `${server.url}/v1`,
		refuse: (seconds) => new Promise((done) => (refusal = { seconds, done })),
		setLatency: (ms) => (latency = ms),
		setRate: (next) => (rate = next),
		close: () => server.close(),
	};
}

const FAULTS: readonly Fault[] = [
	{ kind: 'status', status: 502 },
	{ kind: 'status', status: 500 },
	{ kind: 'reset', when: 'before' },
	{ kind: 'reset', when: 'after' },
	{ kind: 'truncated', framing: 'content-length' },
	{ kind: 'slow', pauseMs: 100 },
];

function apiOf(
	label: Label,
	log: EventLog,
	tenant: string,
	secret: string,
): Pick<Stream, 'settings'> & { api: SimulatedApi } {
	switch (label) {
		case 'arpio': {
			const api = arpioApi({ log, accountId: tenant, keys: [{ id: 'trial', secret }] });
			return { api, settings: `accountId: ${tenant}` };
		}
		case 'arcus': {
			const keys = [{ key: secret, scopes: ['audit:read'], tier: 'standard' as const }];
			const api = arcusApi({ log, entityId: tenant, keys, switches: { rateLimit: 'off', paths: 'entity' } });
			return { api, settings: `entityId: ${tenant}` };
		}
		case 'auditapi':
			return { api: auditApi({ log, keys: [secret] }), settings: '' };
	}
}
