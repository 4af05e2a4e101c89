/** Turns what the schema found into sentences with a fix. */
import type { z } from 'zod';
import type { KeyPath } from './errors';
import { nearest } from '../../core/nearest';
import { ConfigFile } from './schema/file';

export interface Finding {
	path: KeyPath;
	part: 'key' | 'value';
	what: string;
	fix?: string;
}

const EXPECTED: Record<string, string> = {
	string: 'text',
	number: 'a number',
	int: 'a whole number',
	boolean: 'true or false',
	array: 'a list',
	object: 'a map of keys and values',
	record: 'a map of keys and values',
};

/** What is counted, where it is not the value itself. */
const OF: Record<string, string> = { string: ' characters', array: ' entries' };

/** @param quotable whether the value at a key may be repeated in a message */
export function findingsOf(
	issue: z.core.$ZodIssue,
	data: unknown,
	quotable: (key: KeyPath) => boolean,
	schema: unknown = ConfigFile,
): Finding[] {
	const path = issue.path as KeyPath;
	const value = valueAt(data, path);
	// a URL may hold a password
	const harmless = typeof value === 'string' && value.length <= 40 && !value.includes('://');
	const quoted = harmless && quotable(path) ? `"${value}" ` : '';
	const found = (what: string, fix?: string): Finding[] => [{ path, part: 'value', what, fix }];
	switch (issue.code) {
		case 'unrecognized_keys':
			return issue.keys.map((key) => unknownKey(path, key, schema));
		case 'invalid_key':
			return [{ path, part: 'key', what: 'is not a header name', fix: 'Use letters, digits and dashes' }];
		case 'invalid_type': {
			const [what, advice] = issue.message.split('|');
			const needed = advice ?? hint(path);
			if (value === undefined) return [{ path, part: 'key', what: 'is missing', fix: needed }];
			if (value === null) return found('has no value', needed ?? 'Give a value or remove the key');
			if (advice) return found(what!, advice);
			const fix = issue.expected === 'string' && typeof value !== 'object' ? 'Put the value in quotes' : undefined;
			return found(`must be ${EXPECTED[issue.expected] ?? issue.expected}`, fix);
		}
		case 'invalid_value': {
			const values = issue.values.map(String);
			if (value === undefined) return [{ path, part: 'key', what: 'is missing', fix: `One of ${values.join(', ')}` }];
			const near = typeof value === 'string' && quoted ? nearest(value, values) : undefined;
			return found(`${quoted}is not known`, `${near ? `Did you mean "${near}"? ` : ''}Known: ${values.join(', ')}`);
		}
		case 'too_small':
		case 'too_big': {
			const [what, fix] = issue.message.split('|');
			if (fix) return found(what!, fix);
			const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
			return found('is out of range', `Give ${bound}${OF[issue.origin] ?? ''}`);
		}
		default: {
			// our own messages are `what|fix`; the library's may name the pattern, which helps nobody
			const [what, fix] = issue.message.split('|');
			return found(`${quoted}${fix || /^is /.test(what!) ? what : 'is not valid'}`, fix);
		}
	}
}

function unknownKey(path: KeyPath, key: string, schema: unknown): Finding {
	const known = keysAt(path, schema);
	const near = nearest(key, known);
	const fix = near ? `Did you mean "${near}"?` : `Known keys here: ${known.join(', ')}`;
	return { path: [...path, key], part: 'key', what: 'unknown key', fix };
}

function hint(path: KeyPath): string | undefined {
	switch (path.at(-1)) {
		case 'sources':
			return 'Add at least one source; `audit-relay init` writes an example';
		case 'name':
			return 'Give each entry a name of its own';
		default:
			return undefined;
	}
}

function keysAt(path: KeyPath, root: unknown): string[] {
	let schema = root;
	for (const step of path) {
		const inner = unwrap(schema);
		schema = inner.element ?? inner.valueType ?? inner.shape?.[String(step)];
	}
	const { shape = {}, keyType } = unwrap(schema);
	return keyType?.options ?? Object.keys(shape);
}

interface Inner {
	unwrap?: () => unknown;
	element?: unknown;
	shape?: Record<string, unknown>;
	/** Of a map whose keys are known. */
	keyType?: { options?: string[] };
	valueType?: unknown;
}

/** The schema inside optional and default. */
function unwrap(schema: unknown): Inner {
	let inner = (schema ?? {}) as Inner;
	while (inner.unwrap && !inner.element) inner = inner.unwrap() as Inner;
	return inner;
}

function valueAt(data: unknown, path: KeyPath): unknown {
	return path.reduce<unknown>(
		(value, step) => (value as Record<string | number, unknown> | undefined | null)?.[step],
		data,
	);
}
