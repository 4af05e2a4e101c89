/** All that is known of one source, and of one destination. */
import type { Nanos } from '../../../core/contract';
import { toMillis } from '../../../core/time';
import type { Walk } from '../../../core/walk/contract';
import type { Points } from '../../run/history/history';
import type { Layers } from '../../run/history/layers';
import type { StateAdmin } from '../../store/admin';
import type { Backfill } from '../../store/backfill';
import type { KeptGap } from '../../store/gaps';
import type { Verified } from '../../store/verified';
import { Refused, type Authority } from '../http/exchange';
import { destinationConfiguration, sourceConfiguration } from './configuration';
import { destinationRow, severities, sourceRow } from './row';
import type {
	BackfillInfo,
	CheckInfo,
	DestinationDetail,
	GapInfo,
	HealthProblem,
	History,
	SourceDetail,
} from './types';
import { sourceReadiness } from '../readiness';
import type { View } from './view';

/** The newest. */
const GAPS = 100;

type Letters = Pick<StateAdmin, 'countLetters' | 'listGaps'>;

/** Whose page, and for whom. */
export interface PageOf {
	name: string;
	authority: Authority;
}

export async function sourceDetail(view: View, { name, authority }: PageOf, state: Letters): Promise<SourceDetail> {
	const { snapshot, known } = view;
	const stream = snapshot.streams.find((one) => one.name === name);
	const config = known.sources.get(name);
	if (!stream || !config) {
		const mistake = snapshot.mistakes.find(({ source }) => source === name);
		throw new Refused(
			404,
			`${mistake ? 'nothing is read of' : 'there is no'} source ${JSON.stringify(name)}`,
			mistake?.message,
		);
	}
	const problems = sourceReadiness(snapshot, name) ?? [];
	const [{ gaps }, letters] = await Promise.all([
		state.listGaps({ stream: name }, { limit: GAPS, all: true }),
		state.countLetters({ stream: name }),
	]);
	const { counts, stored, requests } = stream;
	const { read, fresh, late, forgotten, dropped, invalid, replaced, rejected } = counts;
	const past = snapshot.past.find((one) => one.stream === name);
	const check = known.checks.get(name);
	return {
		row: sourceRow(stream, view, severityIn(problems, 'source', name)),
		problems,
		...historyOf(known.histories.sources, name),
		counts: { read, fresh, late, forgotten, dropped, invalid, replaced, rejected, requests },
		position: positionOf(view, name),
		past: {
			coveredAt: (past?.covered ?? []).map(({ from, to }) => ({ from: toMillis(from), to: toMillis(to) })),
			...(past?.backfill && { backfill: backfillInfo(past.backfill) }),
		},
		gaps: gaps.map(gapInfo),
		deadLetters: letters.map(({ reason, destination, records }) => ({
			reason,
			...(destination !== undefined && { destination }),
			count: records,
		})),
		...(stored?.lastVerdict !== undefined && {
			verdict: {
				verdict: stored.lastVerdict,
				at: toMillis(stored.lastVerdictAt ?? 0n),
				...at('acknowledgedAt', stored.verdictAcknowledged),
				...(check && { check: checkInfo(check.result) }),
			},
		}),
		configuration: sourceConfiguration(config, authority),
	};
}

export async function destinationDetail(
	view: View,
	{ name, authority }: PageOf,
	state: Letters,
): Promise<DestinationDetail> {
	const { snapshot, known } = view;
	const destination = snapshot.destinations.find((one) => one.name === name);
	const config = known.destinations.get(name);
	if (!destination || !config) throw new Refused(404, `there is no destination ${JSON.stringify(name)}`);
	const problems = view.problems.filter((problem) => problem.destination === name);
	const counts = new Map<string, number>();
	for (const { reason, records } of await state.countLetters({ destination: name }))
		counts.set(reason, (counts.get(reason) ?? 0) + records);
	const severity = severityIn(problems, 'destination', name);
	return {
		row: destinationRow(destination, view, severity),
		problems,
		...historyOf(known.histories.destinations, name, ({ inFlight }) => ({ inFlight })),
		stops: known.stops.get(name) ?? [],
		answers: Object.fromEntries(known.answers.get(name) ?? []),
		deadLetters: [...counts].map(([reason, count]) => ({ reason, count })),
		configuration: destinationConfiguration(config, authority),
	};
}

function severityIn(problems: readonly HealthProblem[], of: 'source' | 'destination', name: string) {
	return severities(problems, of).get(name);
}

/** @param also what only some have */
function historyOf(
	layers: Layers,
	name: string,
	also: (points: Points) => Partial<History> = () => ({}),
): Pick<SourceDetail, 'history' | 'fine'> {
	const told = (points: Points): History => {
		const { lastAt, stepMs, events, lagMs, requests, pausedMs } = points;
		return { lastAt, stepMs, rate: events, lagMs, requests, pausedMs, ...also(points) };
	};
	const fine = layers.fineOf(name);
	return { history: told(layers.minutes.of(name)), ...(fine && { fine: told(fine) }) };
}

function positionOf({ known, snapshot }: View, name: string): SourceDetail['position'] {
	const position = known.positions.get(name);
	const stream = snapshot.streams.find((one) => one.name === name);
	if (!position) return at('watermarkAt', stream?.stored?.watermark);
	const { start, watermark, walk } = position;
	return {
		startAt: toMillis(start),
		...at('watermarkAt', watermark > start ? watermark : undefined),
		...(walk && { walk: { ...walkInfo(walk), ...at('reachedAt', stream?.counts.reached) } }),
	};
}

function walkInfo({
	windows,
	startedAt,
	begun,
	oldest,
	below,
	pages,
}: Walk): NonNullable<SourceDetail['position']['walk']> {
	// what begins elsewhere, or is read in parts, does not come down from the newest
	const isDownwards = begun === undefined && windows.length === 1;
	return {
		...at('fromAt', windows[0].lower),
		...at('toAt', windows.at(-1)!.upper ?? startedAt),
		...(isDownwards && at('doneAt', oldest ?? below)),
		...at('beganAt', startedAt),
		pages,
	};
}

function backfillInfo({ id, from, to, done, asked, pages, events, started, ended, cancelled }: Backfill): BackfillInfo {
	return {
		...{ id, fromAt: toMillis(from), toAt: toMillis(to), doneAt: toMillis(done), asked, pages, events },
		startedAt: toMillis(started),
		...at('endedAt', ended),
		isCancelled: cancelled,
	};
}

function gapInfo({ id, reason, detail, from, to, at: noticed, acknowledged, acknowledgedBy }: KeptGap): GapInfo {
	return {
		...{ id, reason, detail, at: toMillis(noticed) },
		...at('fromAt', from),
		...at('toAt', to),
		...at('acknowledgedAt', acknowledged),
		...(acknowledgedBy !== undefined && { acknowledgedBy }),
	};
}

function checkInfo({ reason, from, to, counts, findings }: Verified): CheckInfo {
	return {
		...(reason !== undefined && { reason }),
		...at('fromAt', from),
		...at('toAt', to),
		...(counts && { counts }),
		findings: findings.map(({ check, verdict, detail }) => ({ check, verdict, detail })),
	};
}

function at<Key extends string>(key: Key, instant: Nanos | undefined): { [key in Key]?: number } {
	return instant === undefined ? {} : ({ [key]: toMillis(instant) } as { [key in Key]: number });
}
