/** What `npm pack` puts into the package of the command. `.ci/run` installs and runs it. */
import { execFileSync } from 'node:child_process';

test('the package holds the built command, its licence and those of bundled code, its README and the schema for editors, and nothing else', () => {
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
			'dist/provider.schema.json',
			'dist/THIRD_PARTY_LICENSES.md',
		]),
	);
	expect(files.filter((path) => !/\.(js|schema\.json)$|LICENSES\.md$/.test(path) && path.startsWith('dist/'))).toEqual(
		[],
	);
});
