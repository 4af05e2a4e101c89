/**
 * Filters on what the writers of events put in them. They work here and as the service's own do: the walk has to read
 * all events anyway, and a list that somebody else filters has no positions to rely on.
 */
import { object, text } from '../../../core/record/attributes';
import type { SourceEvent } from '../../../core/contract';

export interface PayloadFilters {
	payloadField?: { field?: { key?: unknown; value?: unknown } };
	query?: unknown;
}

export function payloadMatcher({ payloadField, query }: PayloadFilters): (event: SourceEvent) => boolean {
	const key = text(payloadField?.field?.key)?.trim() ?? '';
	const value = text(payloadField?.field?.value) ?? '';
	const terms = [...(text(query) ?? '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, phrase, word]) => term(phrase, word));
	return ({ json }) => {
		const payload = object(json.payload);
		if (key !== '' && text(payload[key]) !== value) return false;
		if (terms.length === 0) return true;
		const texts = leaves(payload);
		return terms.every((found) => texts.some(found));
	};
}

/** A phrase stands anywhere in a text, a word by itself; in a word an asterisk is anything but white space. */
function term(phrase: string | undefined, word = ''): (text: string) => boolean {
	if (phrase !== undefined) return (one) => one.toLowerCase().includes(phrase.toLowerCase());
	const parts = word.split(/\*+/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
	const pattern = new RegExp(`(?:^|\\s)${parts.join('\\S*')}(?:$|\\s)`, 'i');
	return (one) => pattern.test(one);
}

/** All texts, numbers and booleans, however deep: a list of what is left to open instead of calls, which could become too many. */
function leaves(payload: object): string[] {
	const found: string[] = [];
	const open: unknown[] = [payload];
	for (let value = open.pop(); value !== undefined; value = open.pop()) {
		const one = text(value);
		if (one !== undefined) found.push(one);
		else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) open.push(inner);
	}
	return found;
}
