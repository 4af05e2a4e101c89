/** What there is once in a process, whatever the state is kept in. */
import type { Config, DestinationConfig, SourceConfig } from '../config/types';
import { createKnown, type Known, type Knowing } from '../run/known';
import { both, createMonitor, type Monitor } from '../run/monitor';
import { createOutlets, openOutlet, type OutletDeps, type Outlets } from '../run/outlets';
import { createGates, type Gates } from '../run/gates';
import type { Relay } from '../run/relay';
import type { RelayReport } from '../run/report';
import type { Requested } from '../run/requested';
import type { Snapshot, SnapshotDeps } from '../run/snapshot';
import type { WishesDeps, WishReader } from '../run/wishes';
import type { StoreListener } from '../run/watchStore';
import type { ToldStore } from '../store/told';
import type { Others } from '../server/api/others';
import type { Io } from './io';
import type { Logger } from './log';
import { openSource, type Domains, type OpenSource } from './sources';

/** Waiting event text above which polling pauses: an hour of a busy account, well below any disk. */
export const MAX_OUTBOX_SIZE = 1024 ** 3;

export interface Observed {
	look: () => Promise<Snapshot>;
	monitor: Monitor;
	known: Known;
	/** What people want of it. */
	wishes: Pick<WishReader, 'carryOut' | 'lookSoon'>;
	/** Of several that share a database: its name. */
	worker?: string;
	/** What other workers of the same database hold. */
	others?: () => Promise<Others>;
	/** How long each statement to the database took. Absent: there is none. */
	onRoundtrip?: (listener: (tookMs: number) => void) => void;
}

/** What a daemon runs. */
export interface Working extends Pick<Relay, 'run'> {
	observed: Observed;
	/** What people have been told of. */
	told: ToldStore;
	/** From now on these; what is the same object as before goes on untouched. */
	change(sources: readonly SourceConfig[], destinations: readonly DestinationConfig[]): Promise<void>;
	/** Where the state is, for the log. */
	state: unknown;
	close(): Promise<void>;
}

export interface HowToOpen {
	/** A source that cannot be read as it is configured is a reason not to start. */
	isStrict?: boolean;
	/** Found when the configuration was read. */
	mistakes?: SnapshotDeps['mistakes'];
}

/** Throws why none of them can be read, or when strict, why one of them cannot. */
export function refuseUseless(
	{ sources, refused }: { sources: readonly unknown[]; refused: ReadonlyMap<string, { error: Error }> },
	isStrict: boolean,
): void {
	const [first] = refused.values();
	if (first && (isStrict || sources.length === 0)) throw first.error;
}

interface PartsDeps extends Pick<OutletDeps, 'stores' | 'admitted'> {
	report: RelayReport;
}

interface Parts {
	outlets: Outlets;
	open: (source: SourceConfig) => Promise<OpenSource>;
	monitor: Monitor;
	known: Known;
	/** These are configured now. */
	configured: Knowing['configured'];
	reports: RelayReport;
	gates: Gates;
	/** For all stores that this process owns. */
	storeListener: StoreListener;
}

/** What there is once in a process. */
export function openParts(config: Config, io: Io, log: Logger, { report, stores, admitted }: PartsDeps): Parts {
	const { clock, random, env } = io;
	const domains: Domains = new Map();
	const monitor = createMonitor({
		clock,
		onSkew: warnOfSkew(log),
	});
	const gates = createGates();
	const knowing = createKnown(config, clock, monitor, (source) => gates.of(source).isPaused);
	const { known } = knowing;
	const reports = both(both(report, monitor.report), knowing.report);
	return {
		outlets: createOutlets(config.destinations, (one) =>
			openOutlet(one, { clock, random, env, stores, admitted, report: reports }),
		),
		open: async (source) => {
			const warn = (message: string) => report.fileKept?.({ source: source.name }, message);
			const onRequest = (one: Requested) => reports.requested?.({ ...one, source: source.name });
			const opened = await openSource(source, { clock, random, env, domains, admitted, warn, onRequest });
			knowing.opened(source, opened.domain);
			return opened;
		},
		monitor,
		known,
		configured: knowing.configured,
		reports,
		gates,
		storeListener: knowing.store,
	};
}

function warnOfSkew(log: Logger): (source: string, skewMs: number) => void {
	return (source, skewMs) => {
		const fix = "switch on time synchronisation (NTP); events are read by the provider's clock meanwhile";
		log.warn({ source, skewSeconds: Math.round(skewMs / 1000), fix }, "this clock and the provider's disagree");
	};
}

/** Beside what reads the sources: what people want of them, found by looking at the state. */
export function alsoReading(wishes: WishReader, run: Working['run']): Working['run'] {
	return async (stop, graceMs) => {
		const over = new AbortController();
		const looking = wishes.run(AbortSignal.any([stop, over.signal]));
		try {
			await run(stop, graceMs);
		} finally {
			over.abort();
			await looking;
		}
	};
}

export function pausesLog(log: Logger): WishesDeps['onChange'] {
	return ({ paused, resumed }) => {
		for (const source of paused) log.warn({ source }, 'source paused; nothing is read until somebody resumes it');
		for (const source of resumed) log.info({ source }, 'source resumed');
	};
}
