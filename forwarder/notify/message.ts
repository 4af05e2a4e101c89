/** What is told, in words: the same for all who show it to people. */
import { grouped } from '../grouped';
import type { Due } from './due';
import { inWords, subjectOf, type Notice, type Problem } from './problem';

/** Of one kind. What is more is counted. */
const MOST_LINES = 10;
const LONGEST_LINE = 300;
const MOST_NAMES = 30;

export interface Section {
	title: string;
	isOver: boolean;
	lines: string[];
}

export interface Words {
	title: string;
	sections: Section[];
}

/** @param from which process says it */
export function wordsOf({ begun, over }: Pick<Due, 'begun'> & { over: readonly Notice[] }, from: string): Words {
	const sections = [
		...byRule(begun).map(([rule, some]) => section(rule, some, false)),
		...byRule(over).map(([rule, some]) => section(rule, some, true)),
	];
	return { title: `Audit Relay on ${from}: ${sections.map(({ title }) => title).join(', ')}`.slice(0, 250), sections };
}

export function byRule<T extends { rule: string }>(all: readonly T[]): [rule: string, some: T[]][] {
	return [...grouped(all, ({ rule }) => rule)];
}

function section(rule: string, some: readonly (Problem | Notice)[], isOver: boolean): Section {
	const count = some.length > 1 ? ` (${some.length})` : '';
	const rest = some.slice(MOST_LINES).map(subjectOf);
	const names = rest.slice(0, MOST_NAMES).join(', ');
	const more = rest.length > 0 ? [`and ${rest.length} more: ${names}${rest.length > MOST_NAMES ? ' …' : ''}`] : [];
	return {
		title: `${isOver ? 'over: ' : ''}${inWords(rule)}${count}`,
		isOver,
		lines: [...some.slice(0, MOST_LINES).map((one) => (isOver ? ended(one) : line(one))), ...more],
	};
}

function line(problem: Problem): string {
	const { since, message, fix } = problem;
	const said = [message, fix, since && `since ${since}`].filter(Boolean).join('; ');
	const subject = subjectOf(problem);
	return shortened(subject ? `${subject}: ${said}` : said);
}

function ended(problem: Problem): string {
	const { since, message } = problem;
	return shortened([subjectOf(problem) || message, since && `since ${since}`].filter(Boolean).join(', '));
}

function shortened(text: string): string {
	return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE - 1)}…` : text;
}
