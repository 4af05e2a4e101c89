/** Builds the attributes of a record: one type per name, absent values left out, ids as text. */
import type { AttributeValue } from './contract';

type Given = AttributeValue | null | undefined;

/** Leaves out undefined, null, empty text and empty lists. */
export function present(values: Record<string, Given>): Record<string, AttributeValue> {
	const out: Record<string, AttributeValue> = {};
	// not `Object.entries`: a pair for each of some thirty names is what mapping an event spent most of its time on
	for (const name in values) {
		const value = values[name];
		if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) continue;
		out[name] = value;
	}
	return out;
}

/** Text of a scalar, undefined for anything else. Not for integers beyond 2^53: cut those out of the raw text. */
export function text(value: unknown): string | undefined {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return undefined;
}

/** The value when it is an object that is no list. */
export function object(value: unknown): { [key: string]: unknown } {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as { [key: string]: unknown })
		: {};
}

/** Address with path, without query, fragment and user info: those carry tokens. */
export function urlWithoutSecrets(url: unknown): string | undefined {
	if (typeof url !== 'string') return undefined;
	return url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}
