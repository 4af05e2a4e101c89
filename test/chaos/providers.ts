/** The three simulated providers on loopback, with planted keys, seeded quirks and seeded faults. */
import type { SimRequest } from '../../sandbox/api';
import { arcusApi } from '../../sandbox/arcus/api';
import { arpioApi } from '../../sandbox/arpio/api';
import { auditApi } from '../../sandbox/auditapi/api';
import type { Fault } from '../../sandbox/faults';
import { seededLogs, type SeededLogs } from '../../sandbox/seed';
import { serve, type SimServer } from '../../sandbox/server';
import type { Canaries } from './canaries';
import { dice, Tally, type Dice } from '../trial/dice';
import { LABELS, type Label } from './traffic';

export interface Providers {
	readonly logs: SeededLogs;
	readonly servers: Readonly<Record<Label, SimServer>>;
	readonly faults: Tally;
	/** Text of every event that ever was, by `log.record.uid`. */
	truth(): Map<string, string>;
	readonly keys: Readonly<Record<Label, string>>;
	/** Share of requests that fail. */
	setRate(rate: number): void;
	/** Moves what every `Date` header says. */
	skew(ms: number): void;
	close(): Promise<void>;
}

export async function startProviders(seed: number, planted: Canaries, onRequest: () => void): Promise<Providers> {
	const draw = dice(seed, 'providers');
	const logs = seededLogs();
	const arpio = arpioApi({
		log: logs.arpio,
		keys: [{ id: 'chaosKeyId', secret: planted.arpio }],
		switches: {
			order: draw.pick(['ascending', 'descending', 'shuffled']),
			lastToken: draw.pick(['absent', 'null', 'empty']),
			tokenExpiryMs: draw.pick([1_000, 60_000]),
			tokenRejection: draw.pick([400, 410, 422]),
			tokenWindow: draw.pick(['from-query', 'bound']),
			emptyPageEvery: draw.pick([0, 3]),
		},
	});
	const arcus = arcusApi({
		log: logs.arcus,
		keys: [{ key: planted.arcus, scopes: ['audit:read'], tier: 'standard' }],
		switches: {
			rateLimit: 'off',
			ties: draw.pick(['newest-first', 'oldest-first']),
			unknownCursor: draw.pick([404, 400]),
		},
	});
	const auditapi = auditApi({
		log: logs.auditapi,
		keys: [planted.auditapi],
		switches: {
			endingBefore: draw.pick(['adjacent', 'adjacent', 'newest']),
			climbingHasMore: draw.pick(['newer', 'older']),
			ties: draw.pick(['newest-first', 'oldest-first']),
			unknownCursor: draw.pick([404, 422]),
			dayOffsetMinutes: draw.pick([0, 600, -600]),
		},
	});
	const faults = new Tally();
	const deleted = new Map<string, string>();
	let rate = 0;

	/**
	 * Removes the event under the cursor. Only cursors whose event a client has had the time to make safe: what is deleted
	 * between its listing and that is nobody's promise (the request that checks for adjacency comes in between).
	 */
	function deleteCursor({ url }: SimRequest, label: Label): void {
		const { searchParams: query } = new URL(url, 'http://provider');
		const cursor = query.get('ending_before') ?? (query.get('limit') === '1' ? null : query.get('starting_after'));
		const event = cursor === null ? undefined : logs[label].get(cursor, Date.now());
		if (!event || !logs[label].remove(event.id)) return;
		deleted.set(`${label}:${event.id}`, event.raw);
		faults.add('cursor deleted');
	}

	const plan = (label: Label) => {
		const own = dice(seed, `faults of ${label}`);
		return (_number: number, request: SimRequest): Fault | undefined => {
			onRequest();
			if (own.chance(rate / 3)) deleteCursor(request, label);
			if (!own.chance(rate)) return undefined;
			const fault = faultFor(own, request);
			faults.add(nameOf(fault));
			return fault;
		};
	};
	const servers = {
		arpio: await serve(arpio, { faults: plan('arpio') }),
		arcus: await serve(arcus, { faults: plan('arcus') }),
		auditapi: await serve(auditapi, { faults: plan('auditapi') }),
	};
	return {
		logs,
		servers,
		faults,
		keys: { arpio: `chaosKeyId:${planted.arpio}`, arcus: planted.arcus, auditapi: planted.auditapi },
		truth: () => {
			const all = LABELS.flatMap((label) =>
				logs[label].all().map(({ id, raw }): [string, string] => [`${label}:${id}`, raw]),
			);
			return new Map([...all, ...deleted]);
		},
		setRate: (next) => (rate = next),
		skew: (ms) => [arpio, arcus, auditapi].forEach(({ switches }) => (switches.dateSkewMs = ms)),
		close: async () => void (await Promise.all(Object.values(servers).map((server) => server.close()))),
	};
}

function faultFor(draw: Dice, request: SimRequest): Fault {
	// some servers repeat what they were sent
	const echo = JSON.stringify({ message: `refused: ${JSON.stringify(request.headers)}` });
	const page = { 'content-type': 'text/html' };
	return draw.pick<() => Fault>([
		() => ({ kind: 'throttled', retryAfter: { seconds: 1 } }),
		() => ({ kind: 'throttled', retryAfter: { date: Date.now() + 1_000 } }),
		() => ({ kind: 'throttled' }),
		() => ({ kind: 'status', status: draw.pick([500, 502, 504, 408]), body: echo }),
		() => ({ kind: 'status', status: 503, body: echo, headers: { 'retry-after': '1' } }),
		() => ({ kind: 'reset', when: 'before' }),
		() => ({ kind: 'reset', when: 'after' }),
		() => ({ kind: 'html', status: draw.pick([200, 502]) }),
		() => ({ kind: 'status', status: 200, body: `<html>${echo}</html>`, headers: page }),
		() => ({ kind: 'truncated', framing: draw.pick(['content-length', 'chunked']) }),
		() => ({ kind: 'slow', pauseMs: draw.between(20, 150) }),
		() => ({ kind: 'silent' }),
	])();
}

function nameOf(fault: Fault): string {
	switch (fault.kind) {
		case 'throttled':
			return `429 ${fault.retryAfter ? `Retry-After ${'date' in fault.retryAfter ? 'date' : 'seconds'}` : 'bare'}`;
		case 'status':
			return fault.status === 200 ? 'HTML' : String(fault.status);
		case 'html':
			return 'HTML';
		case 'reset':
			return `reset ${fault.when} handling`;
		default:
			return fault.kind;
	}
}
