/** Builds the attributes of a record: one type per name, absent values left out, ids as text. */
import type { SourceEvent } from '../contract';
import type { AttributeValue, AuditRecord, Draft, Provider } from '../provider';

/** Undefined, null, empty text and empty lists say nothing. */
export function isPresent(value: unknown): boolean {
	return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** A record with those attributes only that say something. */
export function complete(draft: Draft): AuditRecord {
	const attributes: AuditRecord['attributes'] = {};
	for (const [name, value] of Object.entries(draft.attributes)) {
		if (isPresent(value)) attributes[name] = value as AttributeValue;
	}
	return { ...draft, attributes };
}

/** The whole record of one event, for those who look at it instead of encoding it. */
export function recordOf(provider: Pick<Provider, 'draft'>, event: SourceEvent): AuditRecord {
	return complete(provider.draft(event));
}

/** Text of a scalar, undefined for anything else. Not for integers beyond 2^53: cut those out of the raw text. */
export function text(value: unknown): string | undefined {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return undefined;
}

/** The value when it is an object that is not a list. */
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
