/** n8n's workflow editor: finding a node in the panel, setting its parameters, running it. */
import { until } from '../../support/wait';
import { byId, dismissToasts, type Browser } from './browser';
import type { Locator, Page } from '../../support/page';

export interface Wanted {
	/** What is typed into the search of the panel. */
	readonly search: string;
	/** Name of the entry that it finds. */
	readonly entry: string;
	/** What is picked on the entry's page: an action, or a trigger. Without: the node is added as it is. */
	readonly action?: string;
}

export async function newWorkflow(browser: Browser): Promise<Page> {
	const page = await browser.tab('/workflow/new');
	await byId(page, 'canvas-add-button').waitFor();
	return page;
}

/** Searches the panel. */
async function find(page: Page, { search, entry }: Wanted): Promise<Locator> {
	await page.keyboard.press('n');
	await byId(page, 'node-creator-search-bar').fill(search);
	const found = byId(page, 'node-creator').getByText(entry, { exact: true }).first();
	await found.waitFor();
	return found;
}

/** Adds a node; its parameters are open then, with the only credential of its type. `seen` is called when the panel shows what it has. */
export async function add(page: Page, wanted: Wanted, seen?: (panel: Locator) => Promise<void>): Promise<void> {
	const found = await find(page, wanted);
	await found.click();
	await choose(page, wanted, seen);
	const credential = byId(page, 'node-credentials-select').locator('input');
	await until('n8n has picked a credential', async () => (await credential.inputValue()) !== '');
}

async function choose(page: Page, { action }: Wanted, seen?: (panel: Locator) => Promise<void>): Promise<void> {
	const panel = byId(page, 'node-creator');
	if (action === undefined) {
		await panel.getByRole('button', { name: 'Add to workflow' }).waitFor();
		await seen?.(panel);
		await panel.getByRole('button', { name: 'Add to workflow' }).click();
		return;
	}
	const offered = byId(panel, 'item-iterator-item').filter({ hasText: action }).first();
	const actions = panel.getByText(/^Actions \(\d+\)$/);
	// n8n folds the actions of a node with a trigger as long as there is no trigger
	await actions.or(offered).first().waitFor();
	if ((await offered.count()) === 0) await actions.click();
	await offered.waitFor();
	await seen?.(panel);
	await offered.click();
}

/** Picks a value of a list with the mouse. */
export async function pick(page: Page, parameter: string, value: string): Promise<void> {
	await byId(page, `parameter-input-${parameter}`).click();
	await page
		.locator('[role=option]:visible')
		.filter({ has: page.getByText(value, { exact: true }) })
		.click();
}

/** Searches the list of a resource locator and picks what it finds. */
export async function pickFromList(page: Page, parameter: string, search: string, result: string): Promise<void> {
	await byId(byId(page, `resource-locator-${parameter}`), 'rlc-input').click();
	await byId(page, 'rlc-search').fill(search);
	await byId(page, 'rlc-item').filter({ hasText: result }).first().click();
}

/** "Execute step", or "Fetch Test Event" of a trigger. Resolves with the number of items that are shown then. */
export async function execute(page: Page): Promise<number> {
	await byId(page, 'node-execute-button').click();
	const output = byId(page, 'output-panel');
	await byId(output, 'node-run-status-success').waitFor();
	await dismissToasts(page);
	const [count] = await output.getByText(/\d+ items?\b/).allInnerTexts();
	return Number(/(\d+) item/.exec(count ?? '')?.[1]);
}

/** Names of the columns of the output, as a table. */
export async function columns(page: Page): Promise<string[]> {
	const output = byId(page, 'output-panel');
	await byId(output, 'radio-button-table').click();
	const names = output.locator('th');
	await names.first().waitFor();
	return names.allInnerTexts();
}

export async function backToCanvas(page: Page): Promise<void> {
	await byId(page, 'ndv-close-button').click();
	await byId(page, 'ndv').waitFor({ state: 'hidden' });
}

/** "Import from file" of a workflow's menu. */
export async function importFile(page: Page, path: string): Promise<void> {
	await byId(page, 'workflow-import-input').setInputFiles(path);
	await byId(page, 'canvas-node').first().waitFor();
	await byId(page, 'zoom-to-fit').click();
	// what was imported is selected
	await page.locator('.vue-flow__pane').click({ position: { x: 20, y: 20 } });
}

/** Buttons that lie over the canvas would lie over the workflow on its picture. */
export async function hideButtons(page: Page): Promise<void> {
	const buttons = [
		'[data-test-id^="execute-workflow-button"]',
		'[aria-label="Select trigger node"]',
		'[class*="_divider_"]',
		'[data-test-id="canvas-controls"]',
	];
	const css = `${buttons.join(', ')} { visibility: hidden }`;
	await page.evaluate(
		`document.head.append(Object.assign(document.createElement('style'), { textContent: '${css}' }))`,
	);
}

/** A node of the canvas, by its name. */
export function nodeNamed(page: Page, name: string): Locator {
	return page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
}

/** Notes have no names on the canvas; no workflow here has two. */
export function shownAs(page: Page, { name, type }: { name: string; type: string }): Locator {
	return type === 'n8n-nodes-base.stickyNote' ? byId(page, 'sticky') : nodeNamed(page, name);
}
