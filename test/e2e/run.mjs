/**
 * `npm run test:e2e -- <suite>… [options of jest]`. A suite is a folder or file of this folder: jest alone would look for its name
 * in the whole path, so that a checkout below a folder named n8n would run everything.
 */
import jest from 'jest';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const given = process.argv.slice(2);
const options = given.findIndex((word) => word.startsWith('-'));
const suites = options < 0 ? given : given.slice(0, options);
const here = folder.replace(/[^\w/]/g, '\\$&');

await jest.run([
	'--config',
	`${folder}/jest.config.cjs`,
	...suites.map((suite) => `^${here}/.*${suite}`),
	...given.slice(suites.length),
]);
