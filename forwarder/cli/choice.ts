/** How things of a list are chosen on the command line: by number, or all that filters leave. */
import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../core/durations';
import { UsageError } from './exit';

/** For commands that change something: numbers, or `--all` with filters, and never nothing. */
export function chosen<T extends object>(
	what: string,
	ids: readonly number[],
	all: boolean,
	filter: T,
): readonly number[] | T {
	const hasFilter = Object.keys(filter).length > 0;
	if (all && ids.length > 0) throw new UsageError('error: give numbers or --all, not both');
	if (ids.length > 0 && hasFilter) throw new UsageError('error: filters go with --all, not with numbers');
	if (all) return filter;
	if (ids.length === 0) throw new UsageError(`error: give the numbers of ${what}, or --all`);
	return ids;
}

/** Several numbers from the list, as commander collects them. */
export const idList = (text: string, before: readonly number[] = []): number[] => [...before, listId(text)];

export function listId(text: string): number {
	if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
	throw new InvalidArgumentError('Give the number from the list.');
}

export function listLength(text: string): number {
	if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
	throw new InvalidArgumentError('Give a number from 1 to 999999.');
}

/** What an option collects that may be given several times. */
export const several = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** Between two looks, in milliseconds. */
export function interval(text: string): number {
	const ms = parseDuration(text);
	if (ms !== undefined && ms >= 100) return ms;
	throw new InvalidArgumentError('Give a duration of at least 100ms, such as 5s.');
}
