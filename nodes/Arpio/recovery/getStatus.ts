import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { SourceEvent } from '../../../core/contract';
import {
	arpio,
	formatInstant,
	fromMillis,
	instant,
	InvalidInput,
	numberFrom,
	optionsCollection,
	recoveryStanding,
	requestOptions,
	shaped,
	type Standing,
} from '../../shared/core';
import { knownApplications, withNames } from '../application/known';
import { eventPages } from '../auditEvent/pages';
import type { ArpioOperation, ArpioStep } from '../service';

const HOUR = 3_600_000_000_000n;
/** The item's time may be cut to milliseconds, and the service's bound may be exclusive. */
const EARLIER = 1_000_000n;

const given: INodeProperties[] = [
	{
		displayName: 'Event ID',
		name: 'eventId',
		type: 'string',
		required: true,
		default: '={{ $json.id ?? $json.eventId }}',
		description: 'ID of the audit event that began it. The default takes it from an item of Arpio or Arpio Trigger.',
	},
	{
		displayName: 'Event Time',
		name: 'eventTime',
		type: 'dateTime',
		required: true,
		default: '={{ $json.time ?? $json.timestamp }}',
		description: 'When that event happened: the log is read from there on, as the API finds no event by its ID',
	},
];

const unknownAfter: INodeProperties = {
	displayName: 'Unknown After (Hours)',
	name: 'unknownAfter',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 24,
	description:
		'How long no sign of an end means that it still runs. After that the state is unknown, so that a loop ends.',
};

export const getStatus: ArpioOperation = {
	properties: [...given, optionsCollection([unknownAfter, ...requestOptions(arpio, { paged: true })])],
	async *run(step) {
		const id = step.words('eventId');
		const from = instant('Event Time', step.parameter<unknown>('eventTime', ''), step.timezone);
		if (id === '' || from === undefined) {
			const advice = 'Give the ID and the time of the event that began it, as Arpio Trigger gives them.';
			throw new InvalidInput(`There is no ${id === '' ? 'event ID' : 'event time'}`, advice);
		}
		unknownAfterHours(step);
		const later: SourceEvent[] = [];
		let isCut = false;
		const pageSize = Math.min(step.options.pageSize ?? arpio.defaults.pageSize, arpio.defaults.maxPageSize);
		for await (const { events, mayBeCut } of eventPages(step, { from: from - EARLIER }, pageSize)) {
			// reads say nothing of a recovery, and are most of a log
			later.push(...events.filter(({ json }) => json.access !== 'read'));
			isCut ||= mayBeCut;
		}
		const event = later.find((one) => one.id === id);
		yield event
			? await told(step, event, outOfSight(step, event, recoveryStanding(event, later), isCut))
			: missing(id, formatInstant(from, 6));
	},
};

function unknownAfterHours({ options }: ArpioStep): number {
	return numberFrom(0, 'Unknown After', options.unknownAfter ?? 24);
}

/** What is still said to run although nobody can know. */
function outOfSight(step: ArpioStep, event: SourceEvent, standing: Standing, isCut: boolean): Standing {
	if (standing.state !== 'running') return standing;
	const unknown = { ...standing, state: 'unknown', inferred: false } as const;
	if (isCut) return { ...unknown, reason: 'Arpio gave a full page and no way to go on, so an end may be left out.' };
	const hours = BigInt(Math.round(unknownAfterHours(step)));
	if (fromMillis(step.clock.now()) - event.time < hours * HOUR) return standing;
	return { ...unknown, reason: `No event tells of an end, ${hours} hours after the beginning.` };
}

function missing(id: string, time: string): IDataObject {
	const reason = `There is no event ${id} at or after ${time}: it may not be listed yet, or no longer.`;
	return { id, time, state: 'unknown', inferred: false, reason, kind: null, applications: [], between: [] };
}

/** ID and time of the event come first: with them, the item can be asked for again. */
async function told(step: ArpioStep, event: SourceEvent, standing: Standing): Promise<IDataObject> {
	const { applications, between, endedAt, kind = null, ...rest } = standing;
	const ids = applications.map((one) => one.id);
	const known = await knownApplications(step.context, ids, step.signal);
	const named = new Map(
		(await withNames(step.context, [event, ...eventsOf(between)], step.signal)).map((one) => [one.id, one]),
	);
	const simplified = (one: SourceEvent) => shaped(arpio, named.get(one.id) ?? one, { simplify: true });
	const { id, time, action, actor, target } = simplified(event);
	return {
		...{ id, time, ...rest, kind, action, actor, target },
		endedAt: endedAt === undefined ? null : formatInstant(endedAt, 6),
		lookedAt: formatInstant(fromMillis(step.clock.now()), 3),
		applications: applications.map((one) => {
			const { name = null, source = null, target: to = null, rpo = null } = known.get(one.id) ?? {};
			return { ...one, name, source, target: to, rpo };
		}),
		between: between.map(({ event: one, phase }) => ({ ...simplified(one), phase, inferred: phase !== 'other' })),
	};
}

const eventsOf = (between: Standing['between']) => between.map(({ event }) => event);
