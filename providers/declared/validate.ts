/** What is wrong with a value, by its schema: place, cause and cure, as for the configuration. */
import { isPlain } from '../../core/record/event';
import { nearest } from '../../core/nearest';
import type { Schema } from './schema';

export interface Finding {
	path: readonly (string | number)[];
	part: 'key' | 'value';
	what: string;
	fix?: string;
}

const NAMES = {
	string: 'text',
	integer: 'a whole number',
	number: 'a number',
	boolean: 'true or false',
	object: 'a map of keys and values',
	array: 'a list',
} as const;

export function findingsOf(schema: Schema, value: unknown, path: Finding['path'] = []): Finding[] {
	const found = (what: string, fix?: string): Finding[] => [{ path, part: 'value', what, fix }];
	if (schema.anyOf) {
		const form = schema.anyOf.find(({ type }) => type === typeOf(value));
		if (form) return findingsOf(form, value, path);
		return found(`must be ${schema.anyOf.map(nameOf).join(' or ')}`);
	}
	if (schema.type === undefined) return [];
	if (value === null) return found('has no value', 'Give a value or remove the key');
	if (typeOf(value) !== schema.type) {
		const fix = schema.type === 'string' && typeof value !== 'object' ? 'Put the value in quotes' : undefined;
		return found(`must be ${nameOf(schema)}`, fix);
	}
	if (typeof value === 'string') return textFindings(schema, value).flatMap(([what, fix]) => found(what, fix));
	if (typeof value === 'number') {
		const { minimum = -Infinity, maximum = Infinity } = schema;
		return value < minimum || value > maximum ? found('is out of range', `Give ${minimum} to ${maximum}`) : [];
	}
	if (Array.isArray(value)) {
		if (value.length < (schema.minItems ?? 0)) return found('is empty', 'Give a value or remove the key');
		return value.flatMap((item, index) => findingsOf(schema.items!, item, [...path, index]));
	}
	return isPlain(value) ? mapFindings(schema, value, path) : [];
}

function textFindings({ enum: values, pattern, patternErrorMessage }: Schema, value: string): [string, string?][] {
	if (values) {
		const known = values.map(String);
		if (known.includes(value)) return [];
		const near = nearest(value, known);
		return [
			[`"${value.slice(0, 40)}" is not known`, `${near ? `Did you mean "${near}"? ` : ''}Known: ${known.join(', ')}`],
		];
	}
	if (pattern === undefined || new RegExp(pattern).test(value)) return [];
	const [what, fix] = patternErrorMessage!.split('|');
	return [[what!, fix]];
}

function mapFindings(schema: Schema, value: Record<string, unknown>, path: Finding['path']): Finding[] {
	const { properties = {}, required = [], additionalProperties } = schema;
	const known = Object.keys(properties);
	const missing = required
		.filter((key) => !Object.hasOwn(value, key))
		.map((key): Finding => ({
			path: [...path, key],
			part: 'key',
			what: 'is missing',
			fix: sentence(properties[key]!),
		}));
	const inside = Object.entries(value).flatMap(([key, item]): Finding[] => {
		const of = Object.hasOwn(properties, key) ? properties[key]! : additionalProperties;
		if (of) return findingsOf(of, item, [...path, key]);
		const near = nearest(key, known);
		const fix = near ? `Did you mean "${near}"?` : `Known keys here: ${known.join(', ')}`;
		return [{ path: [...path, key], part: 'key', what: 'unknown key', fix }];
	});
	return [...missing, ...inside];
}

function sentence({ description, enum: values }: Schema): string | undefined {
	return values ? `One of ${values.join(', ')}` : description;
}

function nameOf({ type }: Schema): string {
	return NAMES[type!];
}

function typeOf(value: unknown): Schema['type'] | 'null' {
	if (Array.isArray(value)) return 'array';
	if (value === null) return 'null';
	if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
	return typeof value as 'string' | 'boolean' | 'object';
}
