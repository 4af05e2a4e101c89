/** Who did it, and to what, among the attributes of a record. */
import type { Style } from './ui';

type Attributes = Readonly<Record<string, unknown>>;

export function actorIn(attributes: Attributes): string | undefined {
	return first(attributes, 'user.email', 'user.full_name', 'audit.actor.label', 'audit.actor.id', 'user.id');
}

export function targetIn(attributes: Attributes): string | undefined {
	const parts = [first(attributes, 'audit.target.type'), first(attributes, 'audit.target.name', 'audit.target.id')];
	return parts.filter(Boolean).join(' ') || undefined;
}

/** By the text of a severity: `ERROR`, `WARN2`. */
export function styleOf(severity: string): Style {
	if (/^(ERROR|FATAL)/.test(severity)) return 'red';
	return severity.startsWith('WARN') ? 'yellow' : 'green';
}

function first(attributes: Attributes, ...names: string[]): string | undefined {
	const found = names.map((name) => attributes[name]).find((value) => value !== undefined);
	return found === undefined ? undefined : String(found as string);
}
