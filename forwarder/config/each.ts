/** Sources made of a table: an entry with `each` stands for one source in each row, with `{field}` in its texts filled in. */
import { nearest } from '../../core/nearest';
import type { KeyPath, Problem } from './errors';
import type { Row, Table } from './table';
import { isMap, type Values } from './yamlFile';

/** Where in a text a field stands. `${…}` is a reference. */
const FIELD = /(?<!\$)\{([A-Za-z_][A-Za-z0-9_-]*)\}/g;
// eslint-disable-next-line no-control-regex -- these would be lines of their own in messages, and headers
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029${}]/;

/** Fields that a value names, at any depth. */
function namesIn(value: unknown): string[] {
	if (typeof value === 'string') return [...value.matchAll(FIELD)].map(([, name]) => name!);
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : [];
}

export interface Unknown {
	key: KeyPath;
	what: string;
	fix: string;
}

/** Fields that the template names and the table has not. */
export function unknownFields(template: Values, { head }: Table): Unknown[] {
	if (!head) return [];
	const { fields, name } = head;
	return Object.entries(template).flatMap(([key, value]) =>
		namesIn(value)
			.filter((field) => !fields.includes(field))
			.map((field) => {
				const near = nearest(field, fields);
				const what = `{${field}} is no field of ${name}`;
				return { key: [key], what, fix: `${near ? `Did you mean {${near}}? ` : ''}Its fields: ${fields.join(', ')}` };
			}),
	);
}

export type Filled =
	/** `own`: what has a field in it. `fixed`: the rest. */
	{ kind: 'filled'; own: Values; fixed: Values } | { kind: 'wrong'; problem: Pick<Problem, 'what' | 'fix'> };

export function filled(template: Values, { fields, wrong }: Row): Filled {
	if (wrong) return { kind: 'wrong', problem: wrong };
	for (const [key, value] of Object.entries(template)) {
		const problem = textsIn(value)
			.map((text) => mistakeIn(text, fields, key))
			.find((found) => found !== undefined);
		if (problem) return { kind: 'wrong', problem };
	}
	const all = Object.entries(template).map(([key, value]) => [key, split(value, fields)] as const);
	const those = (which: 'own' | 'fixed') =>
		Object.fromEntries(all.flatMap(([key, parts]) => (parts[which] === undefined ? [] : [[key, parts[which]]])));
	return { kind: 'filled', own: those('own'), fixed: those('fixed') };
}

function textsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Lists are whole, as everywhere. */
function split(value: unknown, fields: Row['fields']): { own?: unknown; fixed?: unknown } {
	if (namesIn(value).length === 0) return { fixed: value };
	if (!isMap(value)) return { own: withFields(value, fields) };
	const parts = Object.entries(value).map(([key, item]) => [key, split(item, fields)] as const);
	const those = (which: 'own' | 'fixed') =>
		Object.fromEntries(parts.flatMap(([key, part]) => (part[which] === undefined ? [] : [[key, part[which]]])));
	return { own: those('own'), fixed: those('fixed') };
}

function withFields(value: unknown, fields: Row['fields']): unknown {
	if (Array.isArray(value)) return value.map((item) => withFields(item, fields));
	if (isMap(value))
		return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withFields(item, fields)]));
	return typeof value === 'string' ? value.replace(FIELD, (_, name: string) => fields.get(name)!) : value;
}

/** A value is text and nothing else: it must not become a reference, or lead out of the folder of one. */
function mistakeIn(text: string, fields: Row['fields'], key: string): Pick<Problem, 'what' | 'fix'> | undefined {
	for (const { 1: name, index } of text.matchAll(FIELD)) {
		const value = fields.get(name!);
		if (value === undefined) return { what: `has no field ${name}, which ${key} names`, fix: 'Add it' };
		if (UNSAFE.test(value))
			return {
				what: `${name} holds $, {, } or a control character`,
				fix: 'Values are put in as they are: leave these out',
			};
		if (value !== value.trim()) return { what: `${name} begins or ends with a space`, fix: 'Remove it' };
		const before = text.slice(0, index).replace(FIELD, '');
		const isInReference = before.lastIndexOf('${') > before.lastIndexOf('}');
		if (isInReference && (/[/\\]/.test(value) || value === '' || value === '.' || value === '..'))
			return {
				what: `${name} stands in a reference (${key}) and is empty or a path`,
				fix: 'Give the name of one file, without / and \\',
			};
	}
	return undefined;
}

/** What is left of a row that cannot be used: how it is called, so that what it was before goes on. */
export function remains(template: Values, { fields }: Row): Values {
	return Object.fromEntries(
		['name', 'provider'].flatMap((key) => {
			const value = template[key];
			const isKnown =
				typeof value === 'string' && namesIn(value).every((name) => !UNSAFE.test(fields.get(name) ?? '$'));
			return isKnown ? [[key, withFields(value, fields)]] : [];
		}),
	);
}
