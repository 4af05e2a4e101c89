/** `a=1,b=2`, percent-encoded as in W3C baggage: how OpenTelemetry writes maps into environment variables. */
import type { Problem } from './errors';

export interface Pair {
	/** Counted from 1. */
	entry: number;
	name: string;
	value: string;
}

/** Outside of quotes. */
const COMMA = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/;

/**
 * Quotes around the whole, an entry or a value are taken off: they come from files for a shell that no shell has read. Problems name
 * the entry and never show it.
 */
export function parsePairs(given: string, key: string, problems: Problem[]): Pair[] {
	const text = unquoted(given);
	if (text.split('"').length % 2 === 0) {
		problems.push({ key, what: 'has a quote that is not closed', fix: 'Write a quote that belongs to a value as %22' });
		return [];
	}
	return text.split(COMMA).flatMap((item, index): Pair[] => {
		if (!item.trim()) return [];
		const entry = index + 1;
		const pair = unquoted(item);
		const at = pair.indexOf('=');
		const name = pair.slice(0, at).trim();
		if (at < 1 || !name) {
			problems.push({ key, what: `entry ${entry} is not name=value`, fix: 'Write name=value,name=value' });
			return [];
		}
		try {
			const value = decodeURIComponent(unquoted(pair.slice(at + 1)));
			return [{ entry, name: decodeURIComponent(name), value }];
		} catch {
			problems.push({ key, what: `entry ${entry} is not percent-encoded correctly`, fix: 'Write % itself as %25' });
			return [];
		}
	});
}

function unquoted(text: string): string {
	const trimmed = text.trim();
	const [, , inner] = /^(["'])((?:(?!\1).)*)\1$/s.exec(trimmed) ?? [];
	return inner?.trim() ?? trimmed;
}
