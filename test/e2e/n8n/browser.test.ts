/** The node pack as a person sees it: Chromium in front of a real n8n. */
import { join } from 'node:path';
import { readyWorkflows } from './local/readyWorkflows';
import { byId, dismissToasts, openBrowser, type Browser } from './support/browser';
import { credentialsFor } from './support/credentials';
import { installChromium } from '../support/chromium';
import {
	add,
	backToCanvas,
	columns,
	execute,
	hideButtons,
	importFile,
	newWorkflow,
	nodeNamed,
	pick,
	pickFromList,
	shownAs,
} from './support/editor';
import type { Page } from '../support/page';
import { scene } from './support/scene';
import { around, picturesFor } from '../support/screens';

installChromium();
const picture = picturesFor('docs/n8n/screens');
const real = scene({ sandbox: { newestAt: Date.now() } });

let url: string;
let browser: Browser;
let page: Page;

beforeAll(async () => {
	({ url } = await real.n8n.start());
	browser = await openBrowser(url);
});
afterEach(async () => page?.close());
afterAll(async () => browser?.close());

const output = (text: string) => byId(page, 'output-panel').getByText(text).first();

describe('credentials', () => {
	const refuseWrongHeader = () =>
		real.sandbox.receiver!.setAnswers((_, { headers }) =>
			headers['authorization'] ? { kind: 'status', status: 401 } : undefined,
		);
	afterAll(() => real.sandbox.receiver!.setAnswers(undefined));

	test.each([
		[
			'Arpio',
			'apiKey',
			'wrong:key',
			'Arpio did not accept the API key. It must be the ID and the secret of the key, with a colon between them.',
		],
		[
			'Arcus ERP',
			'apiKey',
			'ark_test_ent_wrong',
			'Arcus ERP did not accept the API key. It may be mistyped, expired or deleted.',
		],
		[
			'AuditAPI',
			'apiKey',
			'wrong',
			'AuditAPI did not accept the API key. It may be mistyped, or belong to a deleted project.',
		],
		[
			'OTLP',
			'secretHeaders',
			'authorization=Bearer%20wrong',
			'The receiver did not accept the key. Check the API key, or the name and value of the secret headers.',
		],
	])(
		'%s: the test is green with the right key, and says what is wrong with a wrong one',
		async (name, field, wrong, message) => {
			refuseWrongHeader();
			const { data } = credentialsFor(real.sandbox).find((one) => one.name === `${name} Sandbox`)!;
			const right = (data[field] as string | undefined) ?? '';
			page = await browser.tab('/home/credentials');
			const key = byId(page, `parameter-input-${field}`).locator('input');
			const file = name.toLowerCase().replace(' ', '-');
			await byId(page, 'resources-list-item')
				.filter({ hasText: `${name} Sandbox` })
				.click();
			const dialog = byId(page, 'editCredential-modal');
			const success = byId(dialog, 'credentials-config-container-test-success');
			await success.waitFor();
			await dismissToasts(page);
			await picture(page, `credential-${file}-success`, dialog);
			await key.fill(wrong);
			await byId(dialog, 'credential-save-button').click();
			await dialog.getByText('More details').click();
			await dialog.getByText(message, { exact: true }).waitFor();
			await dismissToasts(page);
			await picture(page, `credential-${file}-failure`, dialog);
			await success.waitFor({ state: 'hidden' });
			await key.fill(right);
			await byId(dialog, 'credential-save-button').click();
			await success.waitFor();
		},
	);
});

interface Found {
	readonly node: string;
	readonly search: string;
	readonly entry: string;
	readonly action: string;
	/** Name and subtitle on the canvas. */
	readonly name: string;
	readonly subtitle: string;
	readonly configure: () => Promise<void>;
	readonly columns: readonly string[];
	readonly shown: string;
}

describe('action nodes', () => {
	test.each<Found>([
		{
			node: 'arpio',
			search: 'failover',
			entry: 'Arpio',
			action: 'Get resources of an application',
			configure: async () => {
				await pick(page, 'operation', 'Get');
				await pickFromList(page, 'application', 'check', 'Checkout – Zürich');
			},
			name: 'Get an application',
			subtitle: 'get: application',
			columns: ['name', 'type'],
			shown: 'Checkout – Zürich',
		},
		{
			node: 'arcus-erp',
			search: 'arcus',
			entry: 'Arcus ERP',
			action: 'Get an audit log entry',
			configure: () => pickFromList(page, 'entry', 'user.login', 'user.login'),
			name: 'Get an audit log entry',
			subtitle: 'get: audit log entry',
			columns: ['time', 'action', 'outcome'],
			shown: 'user.login',
		},
		{
			node: 'auditapi',
			search: 'auditapi',
			entry: 'AuditAPI',
			action: 'Create an event',
			configure: () => pick(page, 'operation', 'Get Many'),
			name: 'Get many events',
			subtitle: 'get many: event',
			columns: ['time', 'action', 'outcome'],
			shown: 'dr.failover',
		},
	])('$entry is found, configured, executed, and its output seen', async (wanted) => {
		page = await newWorkflow(browser);
		await add(page, wanted, (panel) => picture(page, `panel-${wanted.node}`, panel));
		await wanted.configure();
		expect(await execute(page)).toBeGreaterThan(0);
		expect((await columns(page)).slice(0, wanted.columns.length)).toEqual(wanted.columns);
		await output(wanted.shown).waitFor();
		await picture(page, `node-${wanted.node}`, byId(page, 'ndv'));
		await backToCanvas(page);
		const node = nodeNamed(page, wanted.name);
		expect(await node.innerText()).toContain(wanted.subtitle);
		await picture(page, `canvas-${wanted.node}`);
	});
});

describe('triggers', () => {
	test.each([
		['arpio', 'Arpio', 'DR Test', 'failover, failback, DR test'],
		['arcus-erp', 'Arcus ERP', 'Deletion', 'access changes, failed actions, deletions'],
		['auditapi', 'AuditAPI', 'DR Test', 'everything, DR test'],
	])(
		'%s: "Fetch Test Event" shows what happened of the kinds that were chosen',
		async (file, entry, kind, subtitle) => {
			page = await newWorkflow(browser);
			await add(page, { search: entry, entry, action: `On new ${entry} event` });
			await pick(page, 'watch', kind);
			await page.keyboard.press('Escape');
			expect(await execute(page)).toBeGreaterThan(0);
			expect((await columns(page)).slice(0, 3)).toEqual(['time', 'action', 'outcome']);
			await picture(page, `trigger-${file}`, byId(page, 'ndv'));
			await backToCanvas(page);
			const node = nodeNamed(page, `${entry} Trigger`);
			expect(await node.innerText()).toContain(subtitle);
			await picture(page, `canvas-trigger-${file}`);
		},
	);
});

test('OTLP Logs: events of the node before arrive at the receiver, and are shown as accepted', async () => {
	const before = real.sandbox.receiver!.stored.length;
	page = await newWorkflow(browser);
	await add(page, { search: 'arcus', entry: 'Arcus ERP', action: 'Get many audit log entries' });
	await byId(page, 'parameter-input-simplify').click();
	const entries = await execute(page);
	await backToCanvas(page);
	await add(page, { search: 'otlp', entry: 'OTLP Logs' });
	await pick(page, 'origin', 'Arcus ERP');
	expect(await execute(page)).toBe(entries);
	await output('Accepted').waitFor();
	await picture(page, 'node-otlp-logs', byId(page, 'ndv'));
	expect(real.sandbox.receiver!.stored).toHaveLength(before + entries);
	await backToCanvas(page);
	expect(await nodeNamed(page, 'OTLP Logs').innerText()).toContain('from audit event');
	const outputs = byId(page, 'canvas-handle-plus');
	const shown = [nodeNamed(page, 'Get many audit log entries'), nodeNamed(page, 'OTLP Logs'), outputs.last()];
	await picture(page, 'canvas-otlp-logs', await around(shown));
});

test.each(readyWorkflows())('$name: can be imported from its file', async ({ id, nodes }) => {
	page = await newWorkflow(browser);
	await importFile(page, join('workflows', `${id}.json`));
	const shown = nodes.map((node) => shownAs(page, node));
	for (const node of shown) await node.waitFor();
	await dismissToasts(page);
	await hideButtons(page);
	await picture(page, `workflow-${id}`, await around(shown));
});

test('icons and texts can be read in dark mode, too', async () => {
	const dark = await openBrowser(url, { colorScheme: 'dark' });
	try {
		page = await newWorkflow(dark);
		await importFile(page, 'workflows/audit-to-siem.json');
		await dismissToasts(page);
		await picture(page, 'dark-canvas');
		await add(page, { search: 'otlp', entry: 'OTLP Logs' }, (panel) => picture(page, 'dark-panel', panel));
		await picture(page, 'dark-node', byId(page, 'ndv'));
	} finally {
		await dark.close();
	}
});
