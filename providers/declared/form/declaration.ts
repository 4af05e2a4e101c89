/** The form of a declaration: every key, what it may hold, and what it means. Types, checks and the JSON Schema come from here. */
import { listOf, mapOf, object, oneOf, optional, text, truth, whole, type Value } from '../schema';
import { Condition, Event, Record } from './event';
import { duration, name, path } from './kinds';
import { Auth, Bounds, Limits, Page, Request } from './request';

const Setting = object({
	title: text('As a label: "Account ID"'),
	description: text('One sentence without a full stop: what it is and where it is found'),
	required: optional(truth('Whether a source must have it')),
	secret: optional(truth('Given as a reference only; never in the state, in logs or in messages')),
	multiline: optional(truth('A secret of several lines, as a key file; it never becomes a header itself')),
	identity: optional(truth('Another value is another log')),
	tenant: optional(truth('Becomes service.instance.id')),
	default: optional(text('What is used when it is not given')),
	values: optional(listOf(text(), 'The only values allowed')),
	each: optional(truth('Several values may be given; each becomes a source of its own')),
	example: optional(text('A value, or for a secret the name of a variable, that shows the form')),
});

export const UNKNOWNS = [
	'order',
	'end',
	'lowerInclusive',
	'upperInclusive',
	'boundPrecision',
	'lateness',
	'retention',
	'rate',
	'idUnique',
	'replay',
] as const;

export const KEYS = {
	name: name('What `provider:` says'),
	title: text('As people write it'),
	label: optional(name('Value of audit.source and service.name, prefix of ids and event names. Default: name')),
	baseUrl: text('Address that all paths begin at, with {name} of settings', {
		pattern: /^https:\/\/[^/?#@]+(?:\/[^?#]*)?$/,
		wrong: 'is not an https address|Write https://host, with a path if all paths have it',
	}),
	settings: optional(mapOf(Setting, 'What a source is told, by name')),
	per: optional(
		mapOf(
			mapOf(mapOf(text())),
			'Texts that depend on the value of a setting: {log.time} is what stands here under `log`, its value and `time`. `lateness` and `retention` are durations',
		),
	),
	auth: Auth,
	request: Request,
	bounds: Bounds,
	order: oneOf(['oldest', 'newest', 'stored', 'unknown'], 'In which order events are listed; never taken for an end'),
	list: optional(
		object({
			at: optional(path('Where the list is. Absent: the answer itself')),
			missing: optional(oneOf(['empty'], 'The list is absent when it is empty')),
		}),
	),
	page: Page,
	event: Event,
	limits: Limits,
	refused: optional(
		listOf(whole(400, 499), 'Answers to a position that mean that it is gone. Default: 400, 404, 410, 422'),
	),
	rejected: optional(
		oneOf(
			['restart', 'below'],
			'Then: read the range again, or go on below the oldest event that is safe (newest first by time only). Default: restart',
		),
	),
	incomplete: optional(
		object(
			{ at: path('Member that says whether the answer is complete'), not: listOf(text(), 'Values that say so') },
			'An answer that is not complete is asked for again',
		),
	),
	lateness: duration('How long after its own time (on: stored — after it was stored) an event may become visible'),
	reconcile: optional(
		object(
			{ every: duration('Time between two sweeps'), span: duration('How far back a sweep looks') },
			'A second look at the past',
		),
	),
	retention: optional(duration('How long the provider keeps events')),
	record: Record,
	noise: optional(listOf(Condition, 'All of these: an event that reading the log itself causes')),
	unknown: optional(listOf(oneOf(UNKNOWNS), 'What no source says; `provider check` plays every reading')),
	untested: optional(listOf(text(), 'Attributes that no example event has')),
	lossy: optional(text('Why events can be lost anyway; without it a declaration that cannot be lossless does not run')),
};

export const Form = object(KEYS, 'An audit API as data');

/** What stands in the file. Absent keys have the default that their description names. */
export type Declaration = Value<typeof Form>;

/** For editors, which show what is wrong with a text as one sentence after the other. */
export function jsonSchema(): object {
	const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Audit Relay provider', ...Form };
	const shown = (key: string, value: unknown) =>
		key === 'patternErrorMessage' ? String(value).replace('|', '. ') : value;
	return JSON.parse(JSON.stringify(schema, shown)) as object;
}
