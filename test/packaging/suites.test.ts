/** The name of an e2e suite is looked for below `test/e2e`, not in the path of the checkout. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scratchFolder } from '../support/scratch';

const checkout = join(scratchFolder(), 'n8n', 'audit-relay');

beforeAll(() => {
	for (const suite of ['n8n', 'collector']) {
		mkdirSync(join(checkout, 'test/e2e', suite), { recursive: true });
		writeFileSync(join(checkout, 'test/e2e', suite, 'some.test.ts'), '');
	}
	for (const file of ['jest.config.cjs', 'test/e2e/jest.config.cjs', 'test/e2e/run.mjs'])
		cpSync(file, join(checkout, file));
	symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
});

const found = (...words: string[]) => {
	const args = [join(checkout, 'test/e2e/run.mjs'), ...words, '--listTests'];
	const listed = execFileSync(resolve('node_modules/.bin/node'), args, { cwd: checkout, encoding: 'utf8' });
	return listed
		.trim()
		.split('\n')
		.map((path) => path.slice(checkout.length + 1))
		.sort();
};

it('in a checkout below a folder named n8n, "n8n" means that suite only', () => {
	expect(found('n8n')).toEqual(['test/e2e/n8n/some.test.ts']);
});

it('runs all without a name', () => {
	expect(found()).toEqual(['test/e2e/collector/some.test.ts', 'test/e2e/n8n/some.test.ts']);
});

it('passes options on', () => {
	expect(found('collector', '-t', 'n8n')).toEqual(['test/e2e/collector/some.test.ts']);
});
