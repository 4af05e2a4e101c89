/** One source of each provider, polled through its own client in simulated time, with what verify needs of it. */
import { createPoller, type Poller } from '../../../forwarder/run/poller';
import type { SourceConfig } from '../../../forwarder/config/types';
import type { Store } from '../../../forwarder/store/contract';
import type { Verification } from '../../../forwarder/verify/result';
import { verify } from '../../../forwarder/verify/verify';
import type { Interval } from '../../../core/walk/intervals';
import type { Provider, Settings } from '../../../core/provider';
import { providers, type ProviderName } from '../../../providers/registry';
import { parseInstant } from '../../../core/time';
import { arcusApi, type ArcusApi } from '../../../sandbox/arcus/api';
import { arcusSandboxKey, type ArcusKey } from '../../../sandbox/arcus/keys';
import { arpioApi, arpioSandboxKey } from '../../../sandbox/arpio/api';
import { arpioAccountId } from '../../../sandbox/arpio/events';
import { auditApi, auditApiSandboxKey } from '../../../sandbox/auditapi/api';
import type { EventLog } from '../../../sandbox/eventLog';
import { seededLogs } from '../../../sandbox/seed';
import { simClock, type SimClock } from '../../support/clock';
import { simCall } from '../../support/simCall';
import { stateFile, type StateFile } from '../../support/stateFile';
import { door } from '../../support/door';
import { streamOf } from '../../support/streamOf';

export interface World {
	clock: SimClock;
	log: EventLog;
	file: StateFile;
	store: Store;
	poller: Poller;
	provider: Provider;
	/** What a verifier is given. */
	deps: Parameters<typeof verify>[0];
	/** Reads to now. */
	poll(): Promise<void>;
	verify(asked?: Partial<Interval>): Promise<Verification>;
	/** Takes an event out of what we know: as if it had never been read. */
	lose(id: string): Promise<void>;
	/** As if the provider had listed the event with another time when it was read. */
	redate(id: string): void;
	end(): void;
}

export interface ArcusWorld extends World {
	api: ArcusApi;
}

const signal = new AbortController().signal;

interface Sim {
	api: Parameters<typeof simCall>[0];
	headers: Record<string, string>;
	log: EventLog;
	basePath?: string;
	settings?: Settings;
	dropReads?: boolean;
}

export function arcusWorld(options: Parameters<typeof arcusApi>[0] & { key?: ArcusKey } = {}): ArcusWorld {
	const { key = arcusSandboxKey, ...given } = options;
	const clock = simClock();
	const api = arcusApi({ clock, log: seededLogs().arcus, keys: [key], ...given });
	const headers = { authorization: `Bearer ${key.key}` };
	return { api, ...world('arcus-erp', clock, { api, headers, log: api.log, basePath: '/v1' }) };
}

export function arpioWorld(options: { dropReads?: boolean } = {}): World {
	const clock = simClock();
	const api = arpioApi({ clock, log: seededLogs().arpio });
	const headers = { 'x-api-key': `${arpioSandboxKey.id}:${arpioSandboxKey.secret}` };
	return world('arpio', clock, { api, headers, log: api.log, settings: { accountId: arpioAccountId }, ...options });
}

export function auditApiWorld(): World {
	const clock = simClock();
	const api = auditApi({ clock, log: seededLogs().auditapi });
	const headers = { authorization: `Bearer ${auditApiSandboxKey}` };
	return world('auditapi', clock, { api, headers, log: api.log, basePath: '/v1' });
}

function world(
	name: ProviderName,
	clock: SimClock,
	{ api, headers, log, basePath, settings = {}, dropReads = false }: Sim,
): World {
	const provider: Provider = providers[name];
	const file = stateFile(() => clock.now());
	const store = file.open();
	const identity = { name: 'it', fingerprint: 'f', destinations: ['siem'] };
	const config = {
		name: 'it',
		settings,
		sizes: { pageSize: 7 },
		start: parseInstant('2026-02-01T00:00:00Z')!,
		pollIntervalMs: 60_000,
		latenessMs: provider.defaults.latenessMs,
		dropReads,
		redact: [],
	} as unknown as SourceConfig;
	const call = simCall(api, clock, headers, basePath);
	const source = provider.source(call, settings, config.sizes, door);
	const stream = streamOf(store, identity);
	const poller = createPoller({
		config,
		provider,
		source,
		store: stream,
		clock,
		random: () => 0,
		note: async () => undefined,
	});
	const { ledger } = store.verdicts(identity);
	const deps: World['deps'] = {
		...{ name: 'it', source, ledger, clock, latenessMs: config.latenessMs },
		integrity: provider.integrity?.(call, settings),
	};
	return {
		...{ clock, log, file, store, poller, provider },
		deps,
		poll: async () => {
			const failure = await poller.once(signal);
			if (failure) throw new Error(failure.message);
		},
		verify: (asked = {}) => verify(deps, asked, signal),
		async lose(id) {
			const event = log.all().find((one) => one.id === id)!;
			const entry = { id, time: BigInt(event.micros) * 1000n };
			if ((await ledger.find([entry]))[0] === undefined) throw new Error(`${id} is not known`);
			amend(file.path, 'DELETE FROM ledger WHERE time = ?', entry.time);
		},
		redate(id) {
			const { micros } = log.all().find((one) => one.id === id)!;
			amend(file.path, 'UPDATE ledger SET time = time - 7 WHERE time = ?', BigInt(micros) * 1000n);
		},
		end: () => file.remove(),
	};
}

function amend(path: string, sql: string, time: bigint): void {
	const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
	const db = new DatabaseSync(path);
	db.prepare(sql).run(time);
	db.close();
}

export const at = (text: string) => parseInstant(text)!;
