/** What people are told of: problems as `/readyz` names them. */
import type { ToldRule } from '../config/toldAfter';

export interface Problem {
	/** test: somebody tries the notification out. */
	rule: ToldRule | 'test';
	severity: 'not_ready' | 'degraded';
	source?: string;
	destination?: string;
	notification?: string;
	/** Since when, as far as that is known. */
	since?: string;
	/** For people. No secrets. */
	message: string;
	fix?: string;
}

export interface Looked {
	problems: readonly Problem[];
	/**
	 * What it means that a problem is not among them. unknown: it has not been tried since the start · elsewhere: another process
	 * looks after it.
	 */
	absence(problem: Problem): 'over' | 'unknown' | 'elsewhere';
}

/** A problem as it was told. */
export interface Notice extends Problem {
	/** ISO 8601. */
	toldAt: string;
	/** What was told together: its end is one, too, where the receiver counts incidents. */
	incident: string;
}

/** The same for as long as it lasts, in every process. */
export function keyOf({ rule, source, destination, notification }: Problem): string {
	const subject = { source, destination, notification };
	const named = Object.entries(subject).flatMap(([kind, name]) => (name === undefined ? [] : [`${kind} ${name}`]));
	return [rule, ...named].join(' ');
}

/** Whom it concerns; empty: the process. */
export function subjectOf({ source, destination, notification }: Problem): string {
	return source ?? destination ?? notification ?? '';
}

/** `source_refused` → `source refused`. */
export function inWords(rule: string): string {
	return rule.replaceAll('_', ' ');
}
