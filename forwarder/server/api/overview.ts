/** `GET /api/v1/overview`: how it is as a whole, and what is wrong. */
import { streamState, type Snapshot } from '../../run/snapshot';
import { stateOf } from '../readiness';
import type { Asker } from '../http/exchange';
import { destinationRow, severities } from './row';
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
	const { snapshot, problems } = view;
	const worst = severities(problems, 'destination');
	return {
		process: { ...processInfo(view, about), authority },
		totals: totalsOf(view),
		problems: problems.slice(0, PROBLEMS),
		destinations: snapshot.destinations.map((one) => destinationRow(one, view, worst.get(one.name))),
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
	let [events, perMinute, deadLetters] = [0, 0, 0];
	let lagMs: number | undefined;
	let late = -Infinity;
	for (const stream of streams) {
		states[streamState(stream)]++;
		events += stream.counts.fresh;
		perMinute += histories.sources.perMinute(stream.name);
		deadLetters += stream.stored?.deadLetters ?? 0;
		if (stream.lagMs === undefined || stream.lagMs - stream.latenessMs <= late) continue;
		late = stream.lagMs - stream.latenessMs;
		lagMs = stream.lagMs;
	}
	return {
		eventsPerSecond: Math.round(perMinute / 6) / 10,
		events,
		shipped: destinations.reduce((sum, { shipped }) => sum + shipped, 0),
		...(lagMs !== undefined && { lagMs }),
		waiting: destinations.reduce((sum, { waiting }) => sum + waiting, 0),
		deadLetters,
		problems: problems.length,
		...{ sources: streams.length, states, destinations: destinations.length },
	};
}
