/** A provider is named where it lives. Whatever else names one has to be changed with each new one, so there are few such files. */
import { globSync, readFileSync } from 'node:fs';
import { allProviders } from '../../providers/registry';
import { sandboxNames } from '../../sandbox/entries';

const camel = (text: string) => text.replace(/[- ]+(\w)/g, (_, letter: string) => letter.toUpperCase());
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const names = allProviders()
	.flatMap(({ name, title, label }) => [name, title, label])
	.flatMap((name) => [name, camel(name), capital(camel(name))]);
/** Not as a part of another word, and `github.com` is where this project is. */
const named = new RegExp(`(?<![A-Za-z.])(?:${[...new Set(names)].join('|')})(?![a-z]|\\.(?:com|ref)\\b)`);

const services = ['Arpio', 'ArcusErp', 'AuditApi', 'AuditLog'];

/** Where a provider lives; and what speaks of them to people, as examples do. */
const home = [
	...['providers/', 'docs/', 'test/', 'credentials/', 'workflows/', 'deploy/', 'sandbox/fixtures/'],
	...sandboxNames.map((name) => `sandbox/${name}/`),
	...services.map((name) => `nodes/${name}/`),
];

test('files that name a provider outside of its own places', () => {
	const files = globSync('{*,{.ci,bench,build,core,forwarder,nodes,sandbox}/**/*}', {
		exclude: (path) => /(?:^|\/)(?:node_modules|dist|release)(?:\/|$)/.test(path),
	}).filter((path) => /\.(?:[cm]?[jt]s|json|ya?ml|svg)$/.test(path) && !path.endsWith('package-lock.json'));
	const found = files
		.filter((path) => !home.some((place) => path.startsWith(place)))
		.filter((path) => named.test(readFileSync(path, 'utf8')));
	expect(found.sort()).toEqual([
		// the same list read by n8n's own node, as somebody sets it up
		'bench/n8n/flows.ts',
		// the accounts of thousands of tenants
		'bench/scale/tenants.ts',
		// what is put into stores, whatever it is of
		'bench/store/events.ts',
		// Slack, as somebody who is told of problems there knows it
		'forwarder/config/schema/notification.ts',
		'forwarder/notify/shapes/shapes.ts',
		'forwarder/notify/shapes/slack.ts',
		'nodes/OtlpLogs/map/services.ts',
		// what node folders may take
		'nodes/shared/core.ts',
		'package.json',
		'sandbox/entries.ts',
	]);
	expect(files.length).toBeGreaterThan(300);
});
