/**
 * Nobody is told to install a package by a name that is not ours in a public registry: tomorrow it may be anybody's code, and
 * it would run beside the keys.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const OURS = /^(?:audit-relay|n8n-nodes-[\w-]+)(?:@.*)?$/;

/** Words that a registry is asked for, by npm's and n8n's ways of installing. Files and `npx --no` ask none. */
function namesAsked(line: string): string[] {
	const asked: string[] = [];
	for (const [, words = ''] of line.matchAll(/\bnpx ([^`|;&]*)/g)) {
		const given = words.split(/\s+/);
		const packages = given.filter((word) => /^--package=/.test(word)).map((word) => word.slice('--package='.length));
		if (!given.includes('--no') && !given.includes('--no-install')) {
			asked.push(...packages, ...given.filter((word) => !word.startsWith('-')).slice(0, 1));
		}
	}
	for (const [, words = ''] of line.matchAll(/\bnpm (?:install|i|add|exec|update|view) ([^`|;&]*)/g))
		asked.push(...words.split(/\s+/).filter((word) => !word.startsWith('-')));
	for (const [, words = ''] of line.matchAll(/\b(?:yarn|pnpm|bun) (?:add|dlx|global add|x) ([^`|;&]*)/g))
		asked.push(...words.split(/\s+/));
	for (const [, words = ''] of line.matchAll(/N8N_COMMUNITY_PACKAGES=(\S+)/g)) asked.push(...words.split(/[,"']/));
	for (const [, image = ''] of line.matchAll(/(?:image:|docker pull|podman pull|^FROM) *(\S+)/g))
		asked.push(image.replace(/:[\w.-]+$/, ''));
	if (/community nodes.*install/i.test(line)) asked.push(...[...line.matchAll(/`([^`]+)`/g)].map(([, word]) => word!));
	return asked.filter((word) => OURS.test(word));
}

const tracked = execFileSync('git', ['ls-files', '*.md', 'deploy', 'docs', '.github', 'forwarder/cli', 'workflows'], {
	encoding: 'utf8',
});
const files = tracked.split('\n').filter((file) => /\.(md|ya?ml|json|ts|service|conf)$|Containerfile$/.test(file));

test('no document, deploy file or message asks a registry for a package or an image of ours', () => {
	expect(files.length).toBeGreaterThan(50);
	const asked = files.flatMap((file) =>
		readFileSync(file, 'utf8')
			.split('\n')
			.flatMap((line, index) => namesAsked(line).map((name) => `${file}:${index + 1}: ${name}`)),
	);
	expect(asked).toEqual([]);
});

test.each([
	['npx audit-relay demo'],
	['npx --package=node@24 --package=audit-relay audit-relay'],
	['RUN npm install --global --prefix /opt/audit-relay audit-relay@${VERSION}'],
	['npm i n8n-nodes-audit-relay'],
	['**Settings → Community nodes → Install**, name `n8n-nodes-audit-relay`'],
	['image: audit-relay:0.1.0'],
])('it finds: %s', (line) => {
	expect(namesAsked(line)).not.toEqual([]);
});

test.each([
	['npx --no audit-relay demo'],
	['npm install --global --prefix /opt/audit-relay ./audit-relay-0.1.0.tgz'],
	['npm pack --workspace forwarder'],
	['image: localhost/audit-relay:0.1.0'],
])('it has nothing against: %s', (line) => {
	expect(namesAsked(line)).toEqual([]);
});
