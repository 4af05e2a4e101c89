/** docs/mapping has a page for each provider, made of what its records are held against. */
import { readFileSync, writeFileSync } from 'node:fs';
import { declared } from '../../../providers/registry';
import { pageOfDeclaration, pageOfTable, WIDEST } from './mappingPage';
import { mappings } from './mappingTable';

const pages = [
	...mappings.map((mapping) => [mapping.name, pageOfTable(mapping)] as const),
	...declared.map((declaration) => [declaration.name, pageOfDeclaration(declaration)] as const),
];

test.each(pages)('the page of %s is as its mapping (UPDATE_MAPPING=1 writes it again)', (name, text) => {
	const file = `docs/mapping/${name}.md`;
	if (process.env['UPDATE_MAPPING'] === '1') writeFileSync(file, text);
	expect(readFileSync(file, 'utf8')).toBe(text);
});

test.each(pages)('a terminal can show the page of %s', (_name, text) => {
	expect(text.split('\n').filter((line) => line.length > WIDEST)).toEqual([]);
});

test('docs/mapping.md leads to all of them', () => {
	const page = readFileSync('docs/mapping.md', 'utf8');
	for (const [name] of pages) expect(page).toContain(`(mapping/${name}.md)`);
});
