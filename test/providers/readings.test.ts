/**
 * Both readings of everything that the providers' documentation leaves open or contradicts: whatever the service turns out to
 * do, every event is read exactly once, over several polls with late events and ties.
 */
import { arcusErp } from '../../providers/arcus-erp/provider';
import { arpio } from '../../providers/arpio/provider';
import { auditApi } from '../../providers/auditapi/provider';
import type { Provider, Settings } from '../../core/provider';
import { fromMillis } from '../../core/time';
import { beginStream } from '../../core/walk/stream';
import { poll } from '../../core/walk/walk';
import type { SimulatedApi } from '../../sandbox/api';
import { arcusApi } from '../../sandbox/arcus/api';
import { arcusEntry } from '../../sandbox/arcus/events';
import { arcusEntityId, arcusSandboxKey } from '../../sandbox/arcus/keys';
import { arpioApi, arpioSandboxKey } from '../../sandbox/arpio/api';
import { arpioAccountId, arpioEvent } from '../../sandbox/arpio/events';
import { auditApi as simulatedAuditApi, auditApiSandboxKey } from '../../sandbox/auditapi/api';
import { auditApiEvent } from '../../sandbox/auditapi/events';
import type { EventLog, NewEvent } from '../../sandbox/eventLog';
import { simClock, type SimClock } from '../support/clock';
import { simCall } from '../support/simCall';
import { stateFile } from '../support/stateFile';
import { door } from '../support/door';
import { streamOf } from '../support/streamOf';

const MINUTE = 60_000;

interface Subject {
	provider: Provider;
	api: SimulatedApi & { log: EventLog };
	headers: Record<string, string>;
	basePath: string;
	settings: Settings;
	pageSize: number;
	event: (id: string, micros: number) => NewEvent;
}

/** Polls while events happen: on time, late, several at the same instant. */
async function everyEventOnce(subject: Subject, clock: SimClock): Promise<void> {
	const { provider, api, settings, pageSize, event } = subject;
	const file = stateFile(() => clock.now());
	try {
		const store = file.open();
		const stream = streamOf(store, { name: 's', fingerprint: 'f', destinations: ['siem'] });
		const source = provider.source(
			simCall(api, clock, subject.headers, subject.basePath),
			settings,
			{ pageSize },
			door,
		);
		const options = { lateness: fromMillis(provider.defaults.latenessMs), maxPages: 1000, keepSeen: 0n };
		let count = 0;
		const happen = (agoMs: number, lateMs = 0) => {
			const micros = (clock.now() - agoMs) * 1000;
			const id = `00000000-0000-4000-8000-${String(count++).padStart(12, '0')}`;
			api.log.add({ ...event(id, micros), visibleAt: clock.now() + lateMs });
		};
		for (let i = 0; i < 60; i++) happen(48 * 60 * MINUTE - i * 45 * MINUTE);
		await beginStream(stream, fromMillis(clock.now() - 72 * 60 * MINUTE), fromMillis(clock.now()));
		for (let round = 0; round < 25; round++) {
			for (let i = 0; i < 3; i++) happen(0);
			happen(0, 4 * MINUTE);
			if (round === 10) for (let i = 0; i < 12; i++) happen(1000);
			await poll({ source, store: stream, clock, options });
			clock.advance(2 * MINUTE);
		}
		clock.advance(4 * MINUTE);
		await poll({ source, store: stream, clock, options });
		const shipped = (await store.outbox('siem').pending(0, 1000)).flatMap(({ events }) => events.map(({ id }) => id));
		expect([...shipped].sort()).toEqual(
			api.log
				.all()
				.map(({ id }) => id)
				.sort(),
		);
	} finally {
		file.remove();
	}
}

describe('Arpio', () => {
	test.each([
		{ envelope: 'array' },
		{ envelope: { key: 'auditEvents' } },
		{ envelope: 'array', order: 'shuffled' },
		{ token: 'header', envelope: 'array', tokenHeader: 'nextToken' },
		{ token: 'header', envelope: 'array', tokenHeader: 'x-next-token' },
		{ token: 'header', tokenHeader: 'link' },
		{ lastToken: 'null' },
		{ lastToken: 'empty' },
		{ pageSize: 'rejected' },
		{ pageSize: { cap: 3 } },
		{ order: 'descending' },
		{ order: 'shuffled' },
		{ tokenKind: 'offset' },
		{ tokenExpiryMs: -1 },
		...([400, 401, 403, 404, 410, 422] as const).map((tokenRejection) => ({ tokenRejection, tokenExpiryMs: -1 })),
		{ tokenWindow: 'bound' },
		{ emptyPageEvery: 2 },
		{ upperBound: 'exclusive' },
		{ dateSkewMs: -90_000 },
	] as const)('%j', async (switches) => {
		const clock = simClock();
		const api = arpioApi({ clock, switches });
		await everyEventOnce(
			{
				provider: arpio,
				api,
				headers: arpio.authorize({ apiKey: `${arpioSandboxKey.id}:${arpioSandboxKey.secret}` }),
				basePath: '',
				settings: { accountId: arpioAccountId },
				pageSize: 20,
				event: (id, micros) => arpioEvent({ id, micros }),
			},
			clock,
		);
	});
});

describe('Arcus ERP', () => {
	test.each([
		{ paths: 'flat' },
		{ paths: 'entity', entityId: arcusEntityId },
		{ paths: 'flat', entityId: arcusEntityId },
		{ maxLimit: 100, pageSize: 200 },
		{ maxLimit: 100, limitError: 400, pageSize: 200 },
		{ nextCursor: 'null' },
		{ totalCount: 'absent' },
		{ listExpand: 'rejected' },
		{ chain: 'hidden' },
		{ expandScopes: { actor: 'people:read' } },
		{ fromDate: 'exclusive', toDate: 'exclusive' },
		{ ties: 'oldest-first' },
		{ hasMore: 'always' },
		{ hasMore: 'never' },
		{ unknownCursor: 400 },
		{ dateSkewMs: -90_000 },
	] as const)('%j', async ({ entityId, pageSize = 20, ...switches }: { entityId?: string; pageSize?: number }) => {
		const clock = simClock();
		const api = arcusApi({ clock, switches: { ...switches, rateLimit: 'off' } });
		await everyEventOnce(
			{
				provider: arcusErp,
				api,
				headers: arcusErp.authorize({ apiKey: arcusSandboxKey.key }),
				basePath: '/v1',
				settings: { entityId },
				pageSize,
				event: (id, micros) => arcusEntry(api.log, { id, micros }),
			},
			clock,
		);
	});
});

describe('AuditAPI', () => {
	test.each([
		{ endingBefore: 'adjacent' },
		{ endingBefore: 'newest' },
		{ climbingHasMore: 'older' },
		{ endingBefore: 'newest', climbingHasMore: 'older' },
		{ dayOffsetMinutes: 14 * 60 },
		{ dayOffsetMinutes: -12 * 60 },
		{ dayOffsetMinutes: 14 * 60, endDate: 'exclusive' },
		{ endDate: 'exclusive' },
		{ ties: 'oldest-first' },
		{ hasMore: 'always' },
		{ hasMore: 'never' },
		{ unknownCursor: 422 },
		{ dateSkewMs: -90_000 },
	] as const)('%j', async (switches) => {
		const clock = simClock();
		const api = simulatedAuditApi({ clock, switches });
		await everyEventOnce(
			{
				provider: auditApi,
				api,
				headers: auditApi.authorize({ apiKey: auditApiSandboxKey }),
				basePath: '/v1',
				settings: {},
				pageSize: 20,
				event: (id, at) => auditApiEvent({ id, at, payload: { action: 'account.updated' } }),
			},
			clock,
		);
	});
});
