import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mapped, unhit, type Expected } from '../../../providers/declared/example';
import { readDeclaration } from '../../../providers/declared/read';
import { declared, providerNamed, providers } from '../../../providers/registry';
import { Part } from '../../../providers/declared/form/part';
import { findingsOf } from '../../../providers/declared/validate';
import { declarationTexts } from '../../../build/declarations.cjs';

test('the declarations that are built in are those of the files (`gulp declarations` writes them again)', async () => {
	const texts = await declarationTexts();
	expect([...texts.keys()].slice(1)).toEqual(globSync('providers/*/declaration.json').sort());
	for (const [file, text] of texts) expect(readFileSync(file, 'utf8')).toBe(text);
});

test.each(Object.values(providers))('nothing is wrong with what $name declares beside its code', ({ name, part }) => {
	expect(findingsOf(Part, part)).toEqual([]);
	expect(existsSync(`docs/providers/${name}.md`)).toBe(true);
});

const folderOf = (name: string) => dirname(globSync(`providers/*/${name}.provider.yaml`)[0]!);

describe.each(declared.map((declaration) => [declaration.name, declaration] as const))('%s', (name, declaration) => {
	const folder = folderOf(name);
	const pages = globSync(`${folder}/${name}.page*.json`).sort();
	const provider = providerNamed(name)!;
	const all = () => pages.map((file) => mapped(declaration, provider, readFileSync(file)));

	test('nothing is wrong with its declaration', () => {
		expect(readDeclaration(declaration)).toEqual({ kind: 'declaration', declaration });
	});

	test('its examples become the records beside them (UPDATE_EXPECTED=1 writes them again; then read them)', () => {
		const records = all().flatMap(({ records }) => records);
		const file = join(folder, `${name}.expected.json`);
		if (process.env['UPDATE_EXPECTED'] === '1') writeFileSync(file, `${JSON.stringify(records, null, 2)}\n`);
		expect(all().flatMap(({ invalid }) => invalid)).toEqual([]);
		expect(records).toEqual(JSON.parse(readFileSync(file, 'utf8')) as Expected[]);
	});

	test('its examples have each attribute, and ids of their own', () => {
		const records = all().flatMap(({ records }) => records);
		expect(unhit(declaration, records)).toEqual([]);
		expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
	});

	test('its examples have an event that failed, one with the least there is, and what only the exact text keeps', () => {
		const records = all().flatMap(({ records }) => records);
		const texts = pages.map((file) => readFileSync(file, 'utf8')).join('');
		const sizes = records.map(({ attributes }) => Object.keys(attributes).length);
		if (declaration.record.failed) {
			expect(records.map(({ attributes }) => 'error.type' in attributes)).toEqual(
				expect.arrayContaining([true, false]),
			);
		}
		expect(Math.min(...sizes)).toBeLessThanOrEqual(7);
		expect(texts).toMatch(/[^"\d.]\d{17,}[,\s]/);
		expect(texts).toMatch(/\\u\w{4}/);
	});

	test('a page of the documentation says where its facts come from', () => {
		expect(existsSync(`docs/providers/${name}.md`)).toBe(true);
	});
});
