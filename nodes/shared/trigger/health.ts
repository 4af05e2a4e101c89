/** How a trigger is: for the operation that is asked in the same workflow, and for the item that the trigger gives itself. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { formatInstant, fromMillis } from '../../../core/time';
import { runtime, type PollReport } from '../runtime';
import { pollKey } from './alone';
import { everyCopy } from './kept';
import type { PollState } from './saved';

/** When an item is wanted: after so many milliseconds, or when something has changed. */
const EVERY_MS = { change: Infinity, tenMinutes: 600_000, hour: 3_600_000, day: 86_400_000 };
export type HealthItems = keyof typeof EVERY_MS;
/** Half of the shortest poll interval: polls do not begin to the millisecond. */
const SLACK_MS = 30_000;

type Status = 'catchingUp' | 'failing' | 'paused' | 'upToDate';

/** @param report Absent where another process polls: then only what n8n has stored is known. */
function healthOf(
	name: string,
	{ stream, polledAt }: PollState,
	report?: PollReport,
): IDataObject & { status: Status } {
	const now = runtime.clock.now();
	const pausedUntil = report?.domain && report.domain.pausedUntil > now ? timeOf(report.domain.pausedUntil) : null;
	const position = formatInstant(stream.watermark, 0);
	const status = pausedUntil ? 'paused' : report?.failure ? 'failing' : stream.walk ? 'catchingUp' : 'upToDate';
	const words: Record<Status, string> = {
		catchingUp: `${name} is catching up: it has read everything until ${position}, and a part of what came after.`,
		failing: `${name} is failing: ${report?.failure ?? ''}. It has read everything until ${position}.`,
		paused: `${name} is paused until ${pausedUntil}. It has read everything until ${position}.`,
		upToDate: `${name} is up to date: it has read everything until ${position}.`,
	};
	return {
		trigger: name,
		status,
		lastPoll: polledAt > 0 ? timeOf(Math.max(polledAt, report?.failedAt ?? 0)) : null,
		position,
		floor: formatInstant(stream.start, 0),
		pausedUntil,
		failedPolls: report ? report.failedPolls : null,
		message: words[status],
	};
}

const timeOf = (ms: number) => formatInstant(fromMillis(ms), 0);

/** Of the triggers of a service in the workflow that runs. */
export function healthInWorkflow(context: IExecuteFunctions, service: string): IDataObject[] {
	const workflowId = context.getWorkflow().id;
	return everyCopy(context).flatMap(([id, name, stored]) => {
		const key = pollKey(workflowId, id, name);
		const latest = runtime.latest.get(key)?.state;
		const state = latest && latest.saves > stored.saves ? latest : stored;
		return state.service === service ? [healthOf(name, state, runtime.reports.get(key))] : [];
	});
}

/** What has been told is kept in the state. @param report With the polls that failed before this one. */
export function tellHealth(
	context: IPollFunctions,
	wanted: HealthItems | undefined,
	{ healthTold }: PollState,
	state: PollState,
	report: PollReport,
): { item: INodeExecutionData; told: PollState['healthTold'] } | undefined {
	if (!wanted || !(wanted in EVERY_MS)) return undefined;
	const now = runtime.clock.now();
	const json = healthOf(context.getNode().name, { ...state, polledAt: now }, { ...report, failure: undefined });
	const isDue = !healthTold || Math.abs(now - healthTold.at) >= EVERY_MS[wanted] - SLACK_MS;
	const isChanged = wanted === 'change' && (json.status !== healthTold?.status || report.failedPolls > 0);
	if (!isDue && !isChanged) return undefined;
	return { item: { json: { time: timeOf(now), notice: 'health', ...json } }, told: { status: json.status, at: now } };
}
