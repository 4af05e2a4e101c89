/** Checks and spells the query of the two lists. Everything wrong is said here, before a request is made. */
import type { HttpRequest } from '../../core/contract';
import { parseInstant } from '../../core/time';
import type { EventQuery } from './types';

const MAX_LIMIT = 100;

export function clampLimit(limit = MAX_LIMIT): number {
	return Math.min(MAX_LIMIT, Math.max(1, Math.trunc(limit) || 1));
}

/** Throws `TypeError` when both places are given, when a date is not a calendar day, or for a filter without a usable key. */
export function listParameters(query: EventQuery): NonNullable<HttpRequest['query']> {
	const { startDate, endDate, filter, limit, startingAfter, endingBefore } = query;
	if (startingAfter !== undefined && endingBefore !== undefined) {
		throw new TypeError('Give startingAfter or endingBefore, not both: AuditAPI would ignore startingAfter.');
	}
	if (filter && (filter.key === '' || filter.key.includes(':'))) {
		throw new TypeError('The key of a filter must not be empty or contain a colon.');
	}
	return {
		start_date: day('startDate', startDate),
		end_date: day('endDate', endDate),
		filter: filter && `${filter.key}:${filter.value}`,
		limit: String(clampLimit(limit)),
		starting_after: startingAfter,
		ending_before: endingBefore,
	};
}

function day(name: string, text: string | undefined): string | undefined {
	if (text === undefined) return undefined;
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || parseInstant(`${text}T00:00:00Z`) === undefined) {
		throw new TypeError(`${name} must be a calendar day, YYYY-MM-DD.`);
	}
	return text;
}
