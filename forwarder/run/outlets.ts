/** The destinations of a process: their connections, and what is known of each receiver. All relays of the process use them. */
import type { Clock } from '../../core/contract';
import { readSecrets } from '../config/secrets';
import type { DestinationConfig } from '../config/types';
import type { DeliveryNotice } from '../delivery/delivery';
import { createReceiver, type Receiver } from '../delivery/receiver';
import { createDestination, type DestinationContext } from '../export/destination';
import type { Store } from '../store/contract';
import { VERSION } from '../version';
import { noteHealth } from './noteHealth';
import type { Whereabouts } from './outageLog';
import type { RelayReport } from './report';

export interface Outlet {
	config: DestinationConfig;
	receiver: Receiver;
	/** To be told of everything that happens on the way to it. */
	report: (notice: DeliveryNotice) => void;
	/** For a store that was opened just now: whoever had it may have seen the receiver otherwise, and has left that there. */
	noteIn(store: Store): Promise<void>;
	/** Waits for the requests that are running. */
	close(): Promise<void>;
}

export interface OutletDeps {
	clock: Clock;
	random: () => number;
	/** For proxies. */
	env: Readonly<Record<string, string | undefined>>;
	/** What this process owns now. */
	stores: () => readonly Store[];
	/** Resolves when something may be sent. Default: at once. */
	admitted?: (signal?: AbortSignal) => Promise<void>;
	report?: RelayReport;
}

export function openOutlet(config: DestinationConfig, deps: OutletDeps): Outlet {
	const { clock, random, env, stores, admitted, report = {} } = deps;
	const { name } = config;
	const warn = (message: string) => report.fileKept?.({ destination: name }, message);
	const headers = () => readSecrets(config.headers, warn);
	const onRequest: DestinationContext['onRequest'] = (one) => report.requested?.({ to: 'destination', name, ...one });
	const destination = createDestination({ ...config, headers }, { clock, version: VERSION, env, warn, onRequest });
	const whereabouts: Whereabouts = {
		address: new URL(config.endpoint).origin,
		waiting: async () => {
			const each = await Promise.all(stores().map((store) => store.waiting(name)));
			return each.reduce((sum, waiting) => sum + waiting, 0);
		},
	};
	const health = noteHealth(async (noted) => {
		await Promise.all(stores().map((store) => store.noteDestination(name, noted)));
	});
	const tell = (notice: DeliveryNotice) => {
		health.hear(notice, () => receiver.health.status({}));
		report.delivery?.(name, notice, whereabouts);
	};
	const receiver: Receiver = createReceiver({
		...config,
		send: async (items, signal) => {
			await admitted?.(signal);
			report.sending?.(name, items.length);
			try {
				return await destination.send(items, signal);
			} finally {
				report.sending?.(name, -items.length);
			}
		},
		...{ clock, random, report: tell },
	});
	return {
		...{ config, receiver, report: tell },
		async noteIn(store) {
			const noted = health.noted();
			if (noted) await store.noteDestination(name, noted);
		},
		close: () => destination.close(),
	};
}

export interface Outlets {
	all(): readonly Outlet[];
	/** Opens those of other destinations. What is the same object as before stays; the returned function closes what is not used any more. */
	change(destinations: readonly DestinationConfig[]): () => Promise<void>;
	close(): Promise<void>;
}

export function createOutlets(
	destinations: readonly DestinationConfig[],
	open: (config: DestinationConfig) => Outlet,
): Outlets {
	let outlets = destinations.map(open);
	const closed = async (those: readonly Outlet[]) =>
		void (await Promise.allSettled(those.map((outlet) => outlet.close())));
	return {
		all: () => outlets,
		change(next) {
			const before = outlets;
			outlets = next.map((config) => before.find((outlet) => outlet.config === config) ?? open(config));
			return () => closed(before.filter((outlet) => !outlets.includes(outlet)));
		},
		close: () => closed(outlets),
	};
}
