/** A configuration put to work: the state, the destinations and what reads the sources. */
import { createRelay, type Relay } from '../run/relay';
import { holdingOf } from '../run/holding';
import { logging } from '../run/logging';
import { both, createMonitor, type Monitor } from '../run/monitor';
import { openOutlet, type Outlet, type OutletDeps } from '../run/outlets';
import type { RelayReport } from '../run/report';
import { createSnapshots, type Snapshot } from '../run/snapshot';
import { watchStore } from '../run/watchStore';
import type { Config, SourceConfig } from '../config/types';
import type { Store } from '../store/contract';
import { openStore } from '../store/sqlite/store';
import type { Io } from './io';
import type { Logger } from './log';
import { openSource, type Domains, type OpenSource } from './sources';

/** Waiting event text above which polling pauses: an hour of a busy account, well below any disk. */
export const MAX_OUTBOX_SIZE = 1024 ** 3;

export interface Observed {
	look: () => Promise<Snapshot>;
	monitor: Monitor;
}

export interface Opened extends Working {
	relay: Relay;
	store: Store;
}

/** What a daemon runs. */
export interface Working extends Pick<Relay, 'run'> {
	observed: Observed;
	/** Where the state is, for the log. */
	state: unknown;
	close(): Promise<void>;
}

/** Over a state file, or on a database that other processes work on too. Throws `StateError`. */
export async function openWorking(config: Config, io: Io, log: Logger): Promise<Working> {
	const { database } = config;
	if (!database) return openRelay(config, io, log);
	// with all that speaks to a database
	const { openCluster } = await import('./openCluster');
	return openCluster(config, database, io, log, logging(log));
}

/** Everything there is, over a state file that this process owns. Throws `StateError`. */
export async function openRelay(
	config: Config,
	io: Io,
	log: Logger,
	report: RelayReport = logging(log),
): Promise<Opened> {
	const { clock, random } = io;
	const store = openStore(config.state.path, { maxOutboxSize: MAX_OUTBOX_SIZE, now: () => clock.now() });
	const parts = openParts(config, io, log, { report, stores: () => [watched.store] });
	const watched = watchStore(store, () => clock.now());
	const close = async () => {
		await closeAll(parts.outlets);
		await store.close();
	};
	try {
		tellOfFile(store, log);
		const { outlets, open, monitor, reports } = parts;
		const relay = await createRelay({ config, store: watched.store, outlets, clock, random, open, report: reports });
		const holding = holdingOf(config.sources, relay, watched);
		const look = createSnapshots({ destinations: config.destinations, clock, holding, monitor, stop: io.stop });
		return { relay, run: relay.run, store, observed: { look, monitor }, state: config.state.path, close };
	} catch (error) {
		await close();
		throw error;
	}
}

interface PartsDeps extends Pick<OutletDeps, 'stores' | 'admitted'> {
	report: RelayReport;
}

interface Parts {
	outlets: Outlet[];
	open: (source: SourceConfig) => Promise<OpenSource>;
	monitor: Monitor;
	reports: RelayReport;
}

/** What there is once in a process. */
export function openParts(config: Config, io: Io, log: Logger, { report, stores, admitted }: PartsDeps): Parts {
	const { clock, random, env } = io;
	const domains: Domains = new Map();
	const monitor = createMonitor({
		clock,
		streams: config.sources.map(({ name }) => name),
		onSkew: warnOfSkew(log),
	});
	const reports = both(report, monitor.report);
	return {
		outlets: config.destinations.map((one) =>
			openOutlet(one, { clock, random, env, stores, admitted, report: reports }),
		),
		open: (source) => {
			const warn = (message: string) => report.fileKept?.({ source: source.name }, message);
			return openSource(source, { clock, random, env, domains, admitted, warn });
		},
		monitor,
		reports,
	};
}

export async function closeAll(outlets: readonly Outlet[]): Promise<void> {
	await Promise.allSettled(outlets.map((outlet) => outlet.close()));
}

function tellOfFile({ setAside, migrated }: Store, log: Logger): void {
	if (setAside !== undefined) {
		const message = 'the state file was unreadable and has been set aside; every source begins again at its start';
		log.error({ kept: setAside }, message);
	}
	if (migrated) {
		log.warn(migrated, 'an older audit-relay wrote the state file; it was brought up to date, and a copy kept');
	}
}

function warnOfSkew(log: Logger): (source: string, skewMs: number) => void {
	return (source, skewMs) => {
		const fix = "switch on time synchronisation (NTP); events are read by the provider's clock meanwhile";
		log.warn({ source, skewSeconds: Math.round(skewMs / 1000), fix }, "this clock and the provider's disagree");
	};
}
