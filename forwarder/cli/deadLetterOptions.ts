/** How letters are chosen on the command line. */
import { InvalidArgumentError, type Command } from 'commander';
import type { LetterFilter } from '../store/deadLetters';
import { UsageError } from './exit';

export interface FilterOptions {
	source?: string;
	destination?: string;
	reason?: string;
}

/** The options that choose letters. */
export function filtered(command: Command): Command {
	return command
		.option('-s, --source <name>', 'only those of this source')
		.option('--destination <name>', 'only those for this destination')
		.option('--reason <reason>', 'only these: rejected, doubtful, too_large, too_old, invalid_event');
}

export function filterOf({ source, destination, reason }: FilterOptions): LetterFilter {
	return {
		...(source !== undefined && { stream: source }),
		...(destination !== undefined && { destination }),
		...(reason !== undefined && { reason }),
	};
}

/** For commands that change something: numbers, or `--all` with filters, and never nothing. */
export function chosen<T extends object>(
	what: string,
	ids: readonly number[],
	all: boolean,
	filter: T,
): readonly number[] | T {
	const hasFilter = Object.keys(filter).length > 0;
	if (all && ids.length > 0) throw new UsageError('error: give numbers or --all, not both');
	if (ids.length > 0 && hasFilter) throw new UsageError('error: options that choose go with --all, not with numbers');
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
