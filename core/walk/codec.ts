/**
 * The state of a walk as JSON: the same in columns, in an exported state and in n8n's static data. Instants are written as people read them,
 * to the nanosecond; what a source keeps is its own affair and passes through.
 */
import type { Kept, Nanos, Position, Range } from '../contract';
import {
	count,
	flag,
	type Form,
	FormError,
	isObject,
	list,
	members,
	nonEmpty,
	oneOf,
	optional,
	plain,
	text,
} from '../json/form';
import { formatInstant, parseInstant } from '../time';
import type { Gap, StreamState, Walk } from './contract';
import type { Interval } from './intervals';

/** What 64 bits hold. */
export const instantForm: Form<Nanos> = {
	write: (value) => formatInstant(value, 9),
	read(json, path = []) {
		const found = parseInstant(json);
		if (found !== undefined && BigInt.asIntN(64, found) === found) return found;
		throw new FormError('is not an instant of the form 2026-02-11T08:02:14.217018999Z', path);
	},
};

const isPosition = (json: unknown) =>
	isObject(json) && Object.values(json).every((part) => typeof part === 'string' || typeof part === 'number');
const positionForm = plain<Position>(isPosition, 'is not an object of texts and numbers');

const rangeForm = members<Range>({ lower: instantForm, upper: optional(instantForm) });

export const walkForm = members<Walk>({
	windows: nonEmpty(rangeForm),
	position: optional(positionForm),
	begun: optional(positionForm),
	startedAt: optional(instantForm),
	oldest: optional(instantForm),
	below: optional(instantForm),
	pages: count(0),
	rejections: count(0),
	size: optional(count(1)),
	skim: optional(flag),
});

export const keptForm = plain<Kept>(isObject, 'is not an object');

const REASONS: Record<Gap['reason'], true> = {
	collection_start: true,
	retention: true,
	chain_break: true,
	state_lost: true,
	skipped: true,
	rejected: true,
	filter_ignored: true,
};
export const GAP_REASONS = Object.keys(REASONS) as Gap['reason'][];

export const gapForm = members<Gap>({
	reason: oneOf(GAP_REASONS),
	from: optional(instantForm),
	to: optional(instantForm),
	detail: text,
});
export const gapsForm = list(gapForm);

export const intervalsForm = list(members<Interval>({ from: instantForm, to: instantForm }));

export const streamForm = members<StreamState>({
	start: instantForm,
	watermark: instantForm,
	walk: optional(walkForm),
	kept: optional(keptForm),
	filterIgnored: optional(flag),
});

export function encode<T>(form: Form<unknown, T>, value: T): string {
	return JSON.stringify(form.write(value));
}

/** Throws `FormError`, or `SyntaxError` for what is not JSON. */
export function decode<T>({ read }: Pick<Form<T>, 'read'>, json: string): T {
	return read(JSON.parse(json));
}
