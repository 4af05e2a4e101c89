/** `GET /api/v1/overview`: how it is as a whole, and what is wrong. */
import { streamState, type Snapshot, type StreamSnapshot } from '../../run/snapshot';
import { stateOf } from '../readiness';
import type { Asker } from '../http/exchange';
import { TOTAL } from '../../run/known';
import { destinationRow, severities, sparkOf } from './row';
import type { Overview, ProcessInfo, SourceState, Totals, WorkerInfo } from './types';
import { withUnstarted } from './unstarted';
import type { View } from './view';

/** Those that follow are counted. */
const PROBLEMS = 100;

/** What does not change while the process runs. */
export interface About {
	version: string;
	startedAt: number;
	/** Of several that share a database. */
	worker?: string;
}

export function overviewOf(view: View, about: About, { authority }: Pick<Asker, 'authority'>): Overview {
	const { snapshot, problems, known } = view;
	const { total } = known.histories;
	const fine = total.fineOf(TOTAL);
	const worst = severities(problems, 'destination');
	return {
		process: { ...processInfo(view, about), authority },
		totals: totalsOf(view),
		problems: problems.slice(0, PROBLEMS),
		destinations: snapshot.destinations.map((one) => destinationRow(one, view, worst.get(one.name))),
		history: sparkOf(total.minutes.of(TOTAL)),
		...(fine && { fine: sparkOf(fine) }),
	};
}

function processInfo({ snapshot, problems }: View, about: About): Omit<ProcessInfo, 'authority'> {
	const { at, stopping, outboxFull, diskLow } = snapshot;
	return {
		...{ version: about.version, at, startedAt: about.startedAt, state: stateOf(problems) },
		...{ isStopping: stopping, isOutboxFull: outboxFull, isDiskLow: diskLow },
		...workerOf(snapshot, about),
	};
}

function workerOf({ worker }: Snapshot, about: About): { worker?: WorkerInfo } {
	if (!worker) return {};
	const { living, shards, held, unowned } = worker;
	return { worker: { id: about.worker ?? '', living, shards, held, unowned } };
}

function totalsOf({ snapshot, problems, known: { histories } }: View): Totals {
	const { destinations } = snapshot;
	const streams = withUnstarted(snapshot);
	const states: Record<SourceState, number> = { ok: 0, starting: 0, failing: 0, refused: 0, paused: 0 };
	let [events, deadLetters] = [0, 0];
	let furthest: StreamSnapshot | undefined;
	for (const stream of streams) {
		states[streamState(stream)]++;
		events += stream.counts.fresh;
		deadLetters += stream.stored?.deadLetters ?? 0;
		if (stream.lagMs !== undefined && !stream.paused && stream.lagMs > (furthest?.lagMs ?? -1)) furthest = stream;
	}
	return {
		eventsPerSecond: Math.round(histories.total.minutes.perMinute(TOTAL) / 6) / 10,
		events,
		shipped: destinations.reduce((sum, { shipped }) => sum + shipped, 0),
		...(furthest && { lagMs: furthest.lagMs!, furthest: furthest.name }),
		waiting: destinations.reduce((sum, { waiting }) => sum + waiting, 0),
		deadLetters,
		problems: problems.length,
		...{ sources: streams.length, states, destinations: destinations.length },
	};
}
