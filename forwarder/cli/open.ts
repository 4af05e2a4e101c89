/** A configuration put to work: the state, the destinations and what reads the sources. */
import type { Config } from '../config/types';
import { holdingOf } from '../run/holding';
import { logging } from '../run/logging';
import { createRelay, type Relay } from '../run/relay';
import type { RelayReport } from '../run/report';
import { createSnapshots } from '../run/snapshot';
import { watchStore } from '../run/watchStore';
import { createWishReader } from '../run/wishes';
import type { Store } from '../store/contract';
import { openStore } from '../store/sqlite/store';
import type { Io } from './io';
import type { Logger } from './log';
import {
	alsoReading,
	MAX_OUTBOX_SIZE,
	openParts,
	pausesLog,
	refuseUseless,
	type HowToOpen,
	type Working,
} from './parts';

/** How soon a pause by a command is found. */
const WISHES_EVERY_MS = 1000;

export interface Opened extends Working {
	relay: Relay;
	store: Store;
}

/** Over a state file, or on a database that other processes work on too. Throws `StateError`. */
export async function openWorking(config: Config, io: Io, log: Logger, how: HowToOpen = {}): Promise<Working> {
	const { database } = config;
	if (!database) return openRelay(config, io, log, logging(log), how);
	// with all that speaks to a database
	const { openCluster } = await import('./openCluster');
	return openCluster(config, database, io, log, logging(log), how);
}

/** Everything there is, over a state file that this process owns. Throws `StateError`. */
export async function openRelay(
	config: Config,
	io: Io,
	log: Logger,
	report: RelayReport = logging(log),
	{ isStrict = false, mistakes }: HowToOpen = {},
): Promise<Opened> {
	const { clock, random } = io;
	const store = openStore(config.state.path, { maxOutboxSize: MAX_OUTBOX_SIZE, now: () => clock.now() });
	const parts = openParts(config, io, log, { report, stores: () => [watched.store] });
	const watched = watchStore(store, () => clock.now(), parts.storeListener);
	const close = async () => {
		await parts.outlets.close();
		await store.close();
	};
	try {
		tellOfFile(store, log);
		const { outlets, open, gates, monitor, known, reports } = parts;
		const wishes = createWishReader({
			...{ look: store.wishes, everyMs: WISHES_EVERY_MS, clock, gates, outlets: outlets.all },
			onChange: pausesLog(log),
		});
		await wishes.look();
		const relay = await createRelay({
			...{ config, store: watched.store, outlets: outlets.all(), clock, random, open, gates },
			report: reports,
		});
		refuseUseless(relay.status(), isStrict);
		const holding = holdingOf(relay, watched);
		const look = createSnapshots({
			...{ clock, env: io.env, holding, monitor, stop: io.stop, mistakes },
			destinations: () => outlets.all().map(({ config }) => config),
		});
		const change: Working['change'] = async (sources, destinations) => {
			parts.configured(sources, destinations);
			const closeOld = outlets.change(destinations);
			await relay.change(sources, outlets.all());
			await closeOld();
		};
		const observed = { look, monitor, known, wishes };
		const run = alsoReading(wishes, relay.run);
		return { relay, run, change, store, observed, told: store.told, state: config.state.path, close };
	} catch (error) {
		await close();
		throw error;
	}
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
