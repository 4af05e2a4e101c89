/** The forwarder as a whole: every source polled into the store, every destination served from it. */
import { basename } from 'node:path';
import type { Progress } from '../../polling/walk';
import type { Clock, Provider, Source } from '../../providers/contract';
import type { Domain } from '../../providers/http/politeness';
import { providers } from '../../providers/registry';
import { fingerprint, fingerprinted } from '../config/fingerprint';
import { readHeaders } from '../config/secrets';
import type { Config, DestinationConfig, SourceConfig } from '../config/types';
import { createDelivery, type Delivery, type DeliveryNotice } from '../sink/delivery';
import { createDestination, type Destination } from '../sink/destination';
import type { DeliveryStatus } from '../sink/health';
import { createEncoder } from '../sink/records';
import type { Store } from '../store/store';
import { VERSION } from '../cli/version';
import type { AfterFailure } from './afterFailure';
import { createPoller, type Poller } from './poller';

export interface RelayDeps {
	config: Config;
	store: Store;
	clock: Clock;
	/** At least 0, below 1. */
	random: () => number;
	env: Readonly<Record<string, string | undefined>>;
	open: (source: SourceConfig) => Promise<{ provider: Provider; source: Source; domain: Domain }>;
	report?: Report;
}

/** What a person or a log may want to know. No secrets. */
export interface Report {
	progress?(source: string, progress: Progress): void;
	pollFailed?(source: string, failure: AfterFailure, tookMs: number): void;
	pollSucceeded?(source: string, tookMs: number): void;
	delivery?(destination: string, notice: DeliveryNotice): void;
}

export interface Relay {
	/** Until `stop` aborts, then for at most `graceMs` to ship what is safe already. */
	run(stop: AbortSignal, graceMs: number): Promise<void>;
	/** Reads every source to now and ships all of it. Returns what kept it from that: empty when all is acknowledged. */
	once(stop: AbortSignal): Promise<string[]>;
	/** As it is now, by name: the limiter of every source (shared by those with one key), how every destination is doing. */
	status(): { domains: ReadonlyMap<string, Domain>; deliveries: ReadonlyMap<string, DeliveryStatus> };
	close(): Promise<void>;
}

/** Throws `StateError` when the store holds another stream under the name of a source. */
export async function createRelay(deps: RelayDeps): Promise<Relay> {
	const { config, store, clock } = deps;
	const pollers = await Promise.all(
		config.sources.map(async (source) => ({ name: source.name, ...(await openPoller(source, deps)) })),
	);
	const outlets = config.destinations.map((destination) => outletOf(destination, deps));
	store.onBatch(() => outlets.forEach(({ delivery }) => delivery.wake()));

	return {
		async run(stop, graceMs) {
			const failed = new AbortController();
			const polling = AbortSignal.any([stop, failed.signal]);
			const shipping = new AbortController();
			const parts = [
				...pollers.map(({ poller }) => poller.run(polling)),
				...outlets.map(({ delivery }) => delivery.run(AbortSignal.any([shipping.signal, failed.signal]))),
			];
			// one part that must not go on stops all: it can only be a lost lease
			for (const part of parts) part.catch(() => failed.abort());
			await aborted(polling);
			await Promise.allSettled(parts.slice(0, pollers.length));
			const drained = Promise.all(outlets.map(({ delivery }) => delivery.drain(shipping.signal)));
			await Promise.race([Promise.allSettled([drained]), clock.sleep(graceMs, shipping.signal)]);
			shipping.abort();
			await Promise.all(parts);
		},

		async once(stop) {
			const troubles: string[] = [];
			const shipping = new AbortController();
			// a halted destination frees no room: polling would wait for ever
			const stuck = new AbortController();
			const isHalted = () => outlets.some(({ delivery }) => delivery.status().state === 'halted');
			const watch = setInterval(() => store.isFull() && isHalted() && stuck.abort(), 1000);
			const running = Promise.all(outlets.map(({ delivery }) => delivery.run(shipping.signal)));
			running.catch(() => stuck.abort());
			try {
				const polling = AbortSignal.any([stop, stuck.signal]);
				await Promise.all(
					pollers.map(async ({ name, poller }) => {
						const failure = await poller.once(polling);
						if (failure) troubles.push(`source ${name}: ${failure.message}`);
						else if (polling.aborted) troubles.push(`source ${name}: stopped before everything was read`);
					}),
				);
				await Promise.all(
					outlets.map(async ({ destination, delivery }) => {
						const result = await delivery.drain(stop);
						if (result.kind === 'drained') return;
						const why = result.kind === 'halted' ? result.message : 'stopped before everything was shipped';
						troubles.push(`destination ${destination.name}: ${why}`);
					}),
				);
			} finally {
				clearInterval(watch);
				shipping.abort();
				await running;
			}
			return troubles;
		},

		status: () => ({
			domains: new Map(pollers.map(({ name, domain }) => [name, domain])),
			deliveries: new Map(outlets.map(({ destination, delivery }) => [destination.name, delivery.status()])),
		}),

		close: async () => {
			await Promise.allSettled(outlets.map(({ destination }) => destination.close()));
			store.close();
		},
	};
}

async function openPoller(config: SourceConfig, deps: RelayDeps): Promise<{ poller: Poller; domain: Domain }> {
	const { store, clock, random, open, report = {} } = deps;
	const { name, destinations } = config;
	const { provider, source, domain } = await open(config);
	const poller = createPoller({
		provider,
		source,
		config,
		store: store.stream({ name, fingerprint: fingerprint(config), settings: fingerprinted(config), destinations }),
		clock,
		random,
		...(store.setAside && { stateLost: `the state file was unreadable; it is kept as ${basename(store.setAside)}` }),
		note: (error) => store.notePoll(name, error),
		onProgress: (progress) => report.progress?.(name, progress),
		onFailure: (failure, tookMs) => report.pollFailed?.(name, failure, tookMs),
		onSuccess: (tookMs) => report.pollSucceeded?.(name, tookMs),
	});
	return { poller, domain };
}

function outletOf(config: DestinationConfig, deps: RelayDeps): { destination: Destination; delivery: Delivery } {
	const { store, clock, random, env, report = {} } = deps;
	const headers = () => readHeaders(config.headers);
	const destination = createDestination({ ...config, headers }, { clock, version: VERSION, env });
	const delivery = createDelivery({
		...config,
		destination: config.name,
		outbox: store.outbox(config.name),
		encode: createEncoder({
			version: VERSION,
			origin: (stream) => originOf(stream, deps),
			resourceAttributes: deps.config.resourceAttributes,
			renameAttributes: config.renameAttributes,
		}),
		send: (items, signal) => destination.send(items, signal),
		clock,
		random,
		report: (notice) => report.delivery?.(config.name, notice),
	});
	return { destination, delivery };
}

function originOf(stream: string, { config }: RelayDeps) {
	const source = config.sources.find(({ name }) => name === stream);
	if (!source) return undefined;
	const { accountId, entityId } = source.settings;
	return { provider: providers[source.provider], tenant: accountId ?? entityId ?? source.name };
}

function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
