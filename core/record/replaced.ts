/** Says in a record where U+FFFD stands for what is not Unicode: bytes in the body, halves of a surrogate pair in attributes. */
import type { SourceEvent } from '../contract';
import type { Draft } from '../provider';
import { hasHalfAPair } from './ids';

export function withReplaced<T extends Draft>(record: T, event: SourceEvent): T {
	const replaced = replacedIn(record, event);
	return replaced.length === 0
		? record
		: { ...record, attributes: { ...record.attributes, 'audit.replaced': replaced } };
}

function replacedIn({ attributes }: Draft, { raw, isReplaced }: SourceEvent): string[] {
	const body = isReplaced ? ['body'] : [];
	// half a pair can only come from an escape
	if (!raw.includes('\\u')) return body;
	const broken = Object.keys(attributes).filter((name) => [attributes[name]].flat().some(hasHalfAPair));
	return [...body, ...broken];
}
