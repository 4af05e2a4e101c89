/** What `npm pack` puts into the package of the command. `.ci/run` installs and runs it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

test('the package holds the built command, its licence and those of bundled code, its README, the schemas for editors and the console, and nothing else', () => {
	const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--workspace', 'forwarder'], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [packed] = Object.values(JSON.parse(listed) as Record<string, { files: { path: string; mode: number }[] }>);
	const files = packed!.files.map(({ path }) => path);
	expect(files.filter((path) => !path.startsWith('dist/')).sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
	expect(files).toEqual(
		expect.arrayContaining([
			'dist/audit-relay.js',
			'dist/config.schema.json',
			'dist/console/index.html',
			'dist/provider.schema.json',
			'dist/THIRD_PARTY_LICENSES.md',
		]),
	);
	const known = /\.(js|schema\.json)$|LICENSES\.md$|^dist\/console\/(index\.html|main-\w+\.(js|css))$/;
	expect(files.filter((path) => path.startsWith('dist/') && !known.test(path))).toEqual([]);
});

test('the console is at most 150 kB as it is sent', () => {
	const folder = 'forwarder/dist/console';
	const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	const sizes = files.map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length);
	expect(sizes).toHaveLength(3);
	expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
});
