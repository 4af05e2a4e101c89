/** What an event is, and what becomes of it. */
import { either, listOf, mapOf, object, oneOf, optional, text, truth, type Value } from '../schema';
import { path, paths, severity } from './kinds';

export const Event = object({
	id: optional(
		either(path('The id'), listOf(path('A part of it')), 'The id. Several places: it is made of all of them'),
	),
	hash: optional(listOf(path('Member'), 'Instead of an id: members that tell events apart')),
	time: paths('The time'),
	timeAs: optional(oneOf(['iso', 'epoch-s', 'epoch-ms', 'epoch-us'], 'How the time is written. Default: iso')),
});

export const Condition = object({
	at: paths('Where'),
	in: optional(listOf(text(), 'One of these')),
	not: optional(listOf(text(), 'There, and none of these')),
	prefix: optional(listOf(text(), 'Begins with one of these')),
});

const Rule = object({
	words: listOf(text(), 'Whole words of the action, any of them, in lower case'),
	with: optional(listOf(text(), 'And any of these')),
	without: optional(listOf(text(), 'And none of these')),
	category: oneOf(['failover', 'failback', 'dr_test', 'quarantine', 'access', 'config', 'data', 'read', 'other']),
	alert: optional(oneOf(['page', 'notify', 'none'], 'Default: none')),
	failed: optional(truth('Only for events that failed, or only for others')),
});

const RECORD = {
	action: paths('What happened; the name of the event is made of it'),
	eventName: optional(
		oneOf(
			['joined', 'exact'],
			'joined: what stands between the words of an action becomes _. exact: an action that is not a name is free text, of which there is no end, and the event is named `event`. Default: joined',
		),
	),
	outcome: optional(paths('The word of the provider for the outcome. Default: failure or success by `failed`')),
	failed: optional(listOf(Condition, 'Any of these: the event failed')),
	severity: optional(
		object({
			at: paths('Where the severity is'),
			words: mapOf(severity(), 'What the words of the provider mean'),
			failed: optional(severity('What an event that failed has at least')),
		}),
	),
	attributes: mapOf(paths('Where the value is; * takes all elements of a list'), 'By the names of docs/mapping.md'),
	rules: optional(listOf(Rule, 'Category and alert: the first that fits')),
};

export const Record = object(RECORD);

/** What code does not say instead. */
export const RecordPart = object({ ...RECORD, action: optional(RECORD.action) });

export type Paths = string | readonly string[];
export type Condition = Value<typeof Condition>;
export type Event = Value<typeof Event>;
export type Record = Value<typeof Record>;
export type RecordPart = Value<typeof RecordPart>;
