/** How a failover, a failback or a DR test stands, as far as the audit log tells: Arpio publishes no state of a recovery. */
import { object, text } from '../../core/record/attributes';
import type { JsonObject, Nanos, SourceEvent } from '../../core/contract';
import type { Category } from '../../core/provider';
import { classify, isRead } from './classify';
import { failureOf, phaseOf, type Phase } from './phase';

export type RecoveryState = 'running' | 'concluded' | 'failed' | 'unknown';

export interface Standing {
	state: RecoveryState;
	/** Concluded from words, not stated. */
	inferred: boolean;
	/** One sentence for people. */
	reason: string;
	/** Undefined for an event that is about none. */
	kind?: Category;
	/** When the last application came to its end. */
	endedAt?: Nanos;
	applications: { id: string; state: RecoveryState }[];
	/** After the beginning and until the end, oldest first; without reads. */
	between: { event: SourceEvent; phase: Phase }[];
}

const KINDS: readonly Category[] = ['failover', 'failback', 'dr_test'];

/** @param later Other events from the time of `event` on, in any order. */
export function recoveryStanding(event: SourceEvent, later: Iterable<SourceEvent>): Standing {
	const type = text(event.json['type']) ?? 'The event';
	const kind = kindOf(event);
	const ids = applicationIdsOf(event.json);
	const alone = (state: RecoveryState, reason: string, inferred = state !== 'unknown'): Standing => {
		const endedAt = state === 'unknown' ? undefined : event.time;
		return { state, inferred, reason, kind, endedAt, applications: ids.map((id) => ({ id, state })), between: [] };
	};
	if (!kind) return alone('unknown', `${type} is no failover, failback or DR test.`);
	if (ids.length === 0) return alone('unknown', `${type} names no application to look for.`);
	switch (phaseOf(event)) {
		case 'began':
			return followed(kind, ids, inOrder(event, later));
		case 'concluded':
			return alone('concluded', `${type} is an end itself.`);
		case 'failed':
			return alone('failed', `${type} tells of a failure.`);
		case 'refused':
			return alone('failed', `${type} did not succeed: ${failureOf(event)}.`, false);
		case 'other':
			return alone('unknown', `${type} begins nothing, as far as its words tell.`);
	}
}

function followed(kind: Category, ids: readonly string[], later: readonly SourceEvent[]): Standing {
	const stories = ids.map((id) => {
		const own = later.filter(({ json }) => applicationIdsOf(json).includes(id));
		return { id, ...storyOf(kind, own) };
	});
	const running = stories.find(({ state }) => state === 'running');
	const { state, last } = running ?? stories.find((story) => story.state === 'failed') ?? stories[0]!;
	const ends = stories.flatMap(({ last: end }) => end?.time ?? []);
	const told = new Set(stories.flatMap(({ events }) => events));
	return {
		state,
		inferred: true,
		reason: last ? `${text(last.json['type'])} says so.` : 'No event tells of an end.',
		kind,
		endedAt: running ? undefined : ends.reduce((a, b) => (a > b ? a : b)),
		applications: stories.map((story) => ({ id: story.id, state: story.state })),
		between: later.filter((one) => told.has(one)).map((one) => ({ event: one, phase: phaseIn(kind, one) })),
	};
}

interface Story {
	state: Exclude<RecoveryState, 'unknown'>;
	/** What the state follows from; none while nothing but the beginning tells. */
	last?: SourceEvent;
	events: SourceEvent[];
}

/** Of one application, until its end. A failure is none while somebody tries again. */
function storyOf(kind: Category, later: readonly SourceEvent[]): Story {
	const steps = later.map((event) => ({ event, phase: phaseIn(kind, event) }));
	const concluded = steps.findIndex(({ phase }) => phase === 'concluded');
	const until = concluded < 0 ? steps : steps.slice(0, concluded + 1);
	const decisive = until.findLastIndex(({ phase }) => phase !== 'other' && phase !== 'refused');
	const last = until[decisive];
	if (!last || last.phase === 'began') return { state: 'running', last: last?.event, events: eventsOf(until) };
	const state = last.phase === 'concluded' ? 'concluded' : 'failed';
	return { state, last: last.event, events: eventsOf(until.slice(0, decisive + 1)) };
}

const eventsOf = (steps: readonly { event: SourceEvent }[]) => steps.map(({ event }) => event);

function inOrder({ id, time }: SourceEvent, later: Iterable<SourceEvent>): SourceEvent[] {
	// lists may repeat an event
	const byId = new Map([...later].map((event) => [event.id, event]));
	byId.delete(id);
	return [...byId.values()]
		.filter((event) => event.time >= time && !isRead(event.json))
		.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : 1));
}

function kindOf({ json }: SourceEvent): Category | undefined {
	const { category } = classify(json);
	return KINDS.includes(category) ? category : undefined;
}

const phaseIn = (kind: Category, event: SourceEvent): Phase => (kindOf(event) === kind ? phaseOf(event) : 'other');

/** Every application that an event is about. */
export function applicationIdsOf({ resources }: JsonObject): string[] {
	const all: unknown[] = Array.isArray(resources) ? resources : [];
	return all.flatMap((one) => (object(one)['type'] === 'application' ? (text(object(one)['id']) ?? []) : []));
}
