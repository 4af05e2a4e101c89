/** Kinds of values in a declaration. */
import { DURATION } from '../../../core/durations';
import { either, listOf, text } from '../schema';

export const duration = (about: string) =>
	text(about, { pattern: DURATION, wrong: 'is not a duration|Write a number and a unit: 500ms, 60s, 10m, 18h, 7d' });

const PATH = /^(?:\\.|[^\\.])+(?:\.(?:\\.|[^\\.])+)*$/;

/** A place in JSON. */
export const path = (about: string) =>
	text(`${about}. Names with a dot between them; a dot that is part of a name has a backslash before it`, {
		pattern: PATH,
		wrong: 'is not a path|Write names with a dot between them: actor.id, targets.0.name, targets.*.id',
	});

export const paths = (about: string) =>
	either(path(about), listOf(path('One place after the other; the first with a value counts')), about);

export const header = (about: string) =>
	text(about, { pattern: /^[a-z0-9-]+$/, wrong: 'is not a header name|Use lower-case letters, digits and dashes' });

export const name = (about: string) =>
	text(about, {
		pattern: /^[a-z][a-z0-9-]{0,39}$/,
		wrong: 'is not a usable name|Use lower-case letters, digits and dashes',
	});

/** One of OpenTelemetry, as `severityNumber` reads it. */
export const severity = (about?: string) =>
	text(about, {
		pattern: /^(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)[234]?$/,
		wrong:
			'is not a severity|Write TRACE, DEBUG, INFO, WARN, ERROR or FATAL; a number from 2 to 4 after it is a little more',
	});
