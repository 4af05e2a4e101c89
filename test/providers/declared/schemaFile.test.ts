import { readFileSync, writeFileSync } from 'node:fs';
import { Form, jsonSchema } from '../../../providers/declared/form/declaration';
import type { Schema } from '../../../providers/declared/schema';

const FILE = 'docs/provider.schema.json';

test('the published JSON Schema of declarations is the one they are checked with (UPDATE_SCHEMA=1 writes it again)', () => {
	const text = `${JSON.stringify(jsonSchema(), null, 2)}\n`;
	if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(FILE, text);
	expect(readFileSync(FILE, 'utf8')).toBe(text);
});

test('every key says what it means', () => {
	const silent = (schema: Schema, at: string): string[] => {
		const below = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => silent(inner, `${at}.${key}`));
		const items = schema.items?.properties ? silent(schema.items, `${at}[]`) : [];
		const speaks = Boolean(schema.description ?? schema.enum) || schema.type === 'object';
		return [...(speaks ? [] : [at]), ...below, ...items];
	};
	expect(silent(Form, '')).toEqual([]);
});
