import { readFileSync, writeFileSync } from 'node:fs';
import { Form } from '../../providers/declared/form/declaration';
import type { Schema } from '../../providers/declared/schema';

const FILE = 'docs/declared-providers.md';
const BEGIN = 'UPDATE_DOCS=1 writes it anew -->\n';
const END = '\n<!-- end -->';

/** Keys with what they mean, those inside below. */
function lines({ properties = {}, required = [] }: Schema, indent = ''): string[] {
	return Object.entries(properties).flatMap(([key, schema]) => {
		const inner = insideOf(schema);
		const words = [
			schema.description && `${schema.description}.`,
			schema.enum && `One of ${schema.enum.map((value) => `\`${value}\``).join(', ')}.`,
			required.includes(key) && '**Required.**',
		];
		const text = words.filter(Boolean).join(' ').replaceAll('*.', '\\*.').replaceAll('..', '.');
		return [
			...wrapped(`- \`${key}\`${text ? `: ${text}` : ''}`, indent),
			...(inner ? lines(inner, `${indent}  `) : []),
		];
	});
}

const insideOf = ({ properties, additionalProperties, items, anyOf = [], ...rest }: Schema): Schema | undefined =>
	properties
		? { ...rest, properties }
		: [additionalProperties || undefined, items, ...anyOf].find((one) => one?.properties);

function wrapped(text: string, indent: string): string[] {
	const found: string[] = [];
	for (const word of text.split(' ')) {
		const last = found.at(-1);
		if (last !== undefined && last.length + word.length < 130) found[found.length - 1] = `${last} ${word}`;
		else found.push(found.length === 0 ? indent + word : `${indent}  ${word}`);
	}
	return found;
}

test('the form on the page is the one that declarations are checked with', () => {
	const page = readFileSync(FILE, 'utf8');
	const [begin, end] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
	const made = `\n${lines(Form).join('\n')}\n`;
	if (process.env['UPDATE_DOCS'] === '1') writeFileSync(FILE, page.slice(0, begin) + made + page.slice(end));
	else expect(page.slice(begin, end)).toBe(made);
});
