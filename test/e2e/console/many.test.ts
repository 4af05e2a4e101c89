/** Five hundred sources, found by whoever looks for one of them: with the mouse, and with the keyboard alone. */
import { until } from '../support/wait';
import { cell, names } from './support/read';
import { served, type Served } from './support/served';
import { stories } from './support/stories';
import { findings, overhang, type Tab } from './support/tab';

const MANY = 500;
const BROKEN = 'tenant-333';

const { openTab, picture } = stories();

let relay: Served;
let tab: Tab;

beforeAll(async () => {
	relay = await served({ edit: manyTenants });
	await relay.start();
});
beforeEach(async () => {
	tab = await openTab(relay.url);
	await tab.page.getByRole('heading', { name: /^Sources/ }).waitFor();
});
afterAll(() => relay?.end());

/** All of one provider; one has a key that is wrong. */
function manyTenants(yaml: string): string {
	const head = yaml.slice(0, yaml.indexOf('  - name: dr'));
	const app = yaml.slice(yaml.indexOf('    provider: auditapi'));
	const tenants = Array.from({ length: MANY }, (_, i) => {
		const name = `tenant-${String(i).padStart(3, '0')}`;
		const own = name === BROKEN ? app.replace('AUDITAPI_KEY', 'WRONG_KEY') : app;
		return `  - name: ${name}\n${own.replace('pollInterval: 1s', 'pollInterval: 30s')}`;
	});
	return head + tenants.join('');
}

const search = () => tab.page.getByRole('searchbox', { name: 'Search' });
const heading = () => tab.page.getByRole('heading', { name: /^Sources/ }).innerText();
const listed = () => names(tab.page, 'Sources');

test('the one with a problem is first, and the last is found by scrolling', async () => {
	await until('the refused one is first', async () => (await listed())[0] === BROKEN, 120_000);
	expect(await heading()).toBe(`Sources (${MANY})`);
	await tab.page.getByRole('heading', { name: 'Problems (1)' }).waitFor();
	// what is not seen is not drawn
	expect((await listed()).length).toBeLessThan(80);
	await picture(tab.page, 'many-sources');
	await tab.page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
	await until('the last one is drawn', async () => (await listed()).includes('tenant-499'));
	expect(await findings(tab.page)).toEqual([]);
});

test('on a telephone: nothing is off the screen, and the last one is found by scrolling', async () => {
	const { page } = await openTab(relay.url, { viewport: { width: 400, height: 850 }, colorScheme: 'dark' });
	await until('some are drawn', async () => (await names(page, 'Sources')).length > 3);
	await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
	await until('the last one is drawn', async () => (await names(page, 'Sources')).includes('tenant-499'));
	expect(await overhang(page)).toBe(0);
	expect(await findings(page)).toEqual([]);
	await picture(page, 'phone-many');
});

test('searched, narrowed and sorted; the address of what was found leads there again', async () => {
	await search().fill('tenant-12');
	await until('ten fit', async () => (await heading()) === 'Sources (10 of 500)');
	await tab.page.getByRole('button', { name: 'Source', exact: true }).click();
	await tab.page.getByRole('button', { name: 'Source', exact: true }).click();
	await until('the last of them is first', async () => (await listed())[0] === 'tenant-129');
	await tab.page.reload();
	await until(
		'it is the same list',
		async () => (await listed())[0] === 'tenant-129' && (await listed()).length === 10,
	);
	await tab.page.getByRole('button', { name: 'Clear' }).click();
	await tab.page.getByRole('combobox', { name: 'State' }).selectOption('refused');
	await until('one is refused', async () => (await listed()).join() === BROKEN, 120_000);
	expect(await cell(tab.page, 'Sources', BROKEN, 'State')).toMatch(/^Refused/);
	await search().fill('nobody');
	await tab.page.getByText('No source fits.').waitFor();
});

test('with the keyboard alone: to the search, to the source that was found, and back to what was looked for', async () => {
	const { keyboard } = tab.page;
	const focused = () => tab.page.evaluate<string>('document.activeElement.textContent');
	await keyboard.press('/');
	await keyboard.type('tenant-07');
	await until('ten fit', async () => (await heading()) === 'Sources (10 of 500)');
	for (let i = 0; i < 20 && (await focused()) !== 'tenant-070'; i++) await keyboard.press('Tab');
	expect(await focused()).toBe('tenant-070');
	await keyboard.press('Enter');
	await tab.page.getByRole('heading', { name: /^tenant-070/ }).waitFor();
	// reading goes on where the new view begins
	expect(await tab.page.evaluate('document.activeElement.tagName')).toBe('MAIN');
	// what the browser's own key for it does
	await tab.page.evaluate('history.back()');
	await until('the search is as it was', async () => (await search().inputValue()) === 'tenant-07');
	await until('so is what it has found', async () => (await listed()).length === 10);
});
