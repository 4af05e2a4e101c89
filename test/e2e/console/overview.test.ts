/** The first view, when all is well, when it is not, and when nobody answers: the built command in a real Chromium. */
import { liveEvents } from '../../../sandbox/live';
import { until } from '../support/wait';
import { cell, figure, numberOf } from './support/read';
import type { Served } from './support/served';
import { stories } from './support/stories';
import { findings, type Tab } from './support/tab';

const { served, openTab, picture } = stories();

let relay: Served;
let tab: Tab;

const shipped = async () => numberOf(await cell(tab.page, 'Destinations', 'siem', 'Shipped'));
/** Events and gap records, as the receiver counts them. */
const received = () => relay.here.sandbox.receiver!.stored.length;
const problems = () => tab.page.locator('.problem').allInnerTexts();

test('all is well: what the page counts is what the receiver has, and what happens appears by itself', async () => {
	relay = await served({ newestAt: Date.now() - 3_600_000 });
	await relay.start();
	tab = await openTab(relay.url);
	await tab.page.getByText('Ready', { exact: true }).waitFor();
	await until('the page says what the receiver has', async () => received() > 50 && (await shipped()) === received());
	const before = received();

	const happen = liveEvents(relay.here.sandbox.logs, 3);
	for (let i = 0; i < 40; i++) happen(Date.now());
	await until('what happened has arrived, and the page says so', async () => {
		return received() >= before + 40 && (await shipped()) === received();
	});
	expect(received()).toBe(before + 40);
	expect(await figure(tab.page, 'waiting')).toBe('0');
	expect(await problems()).toEqual([]);
	for (const name of ['dr', 'erp', 'app']) expect(await cell(tab.page, 'Sources', name, 'State')).toMatch(/^Ok/);
	expect(await findings(tab.page)).toEqual([]);
	await picture(tab.page, 'overview');
});

test('a refused key and a receiver that is down: problems come first, with what to do, and go when a start finds them cured', async () => {
	relay = await served();
	const { sandbox } = relay.here;
	sandbox.arcus.server.setFaults(() => ({ kind: 'status', status: 401 }));
	sandbox.receiver!.setAnswers(() => ({ kind: 'status', status: 401 }));
	await relay.start();
	tab = await openTab(relay.url);
	await until('both are told', async () => {
		const told = (await problems()).join('\n');
		return /erp Source refused/.test(told) && /siem Destination halted/.test(told);
	});
	expect(await tab.page.getByText('Not ready', { exact: true }).count()).toBe(1);
	expect(await cell(tab.page, 'Sources', 'erp', 'State')).toMatch(/^Refused/);
	expect(await cell(tab.page, 'Sources', 'erp', 'What is wrong')).toMatch(/key/i);
	expect(numberOf(await figure(tab.page, 'waiting'))).toBeGreaterThan(0);
	// the one that needs a person is the first of the table
	expect(await tab.page.getByRole('table', { name: 'Sources' }).locator('tbody a').first().innerText()).toBe('erp');
	expect(await findings(tab.page)).toEqual([]);
	await picture(tab.page, 'overview-trouble');

	await relay.kill();
	sandbox.arcus.server.setFaults(() => undefined);
	sandbox.receiver!.setAnswers(undefined);
	await relay.start();
	await until('all is well again', async () => (await problems()).length === 0);
	await until('everything has arrived', async () => (await shipped()) === received() && received() > 50);
});

test('the process ends: the page says so and since when, and goes on by itself when it is there again', async () => {
	relay = await served();
	await relay.start();
	tab = await openTab(relay.url);
	const listed = tab.page.getByRole('table', { name: 'Sources' }).locator('tbody a');
	await until('the sources are listed', async () => (await listed.count()) === 3);
	await relay.kill();
	await tab.page.getByText(/Connection lost at/).waitFor();
	// what it last knew stays
	expect(await listed.count()).toBe(3);
	await relay.start();
	await tab.page.getByText('Live', { exact: true }).waitFor();
	await until('it counts again', async () => (await shipped()) === received());
});

test('an address with a mistake in it: the page says which; one that is far too long is cut, and the page goes on', async () => {
	relay = await served();
	await relay.start();
	tab = await openTab(`${relay.url}#/?sort=size`);
	await tab.page.getByText(/^sort: "size" is not known. Known: problems, name/).waitFor();
	await tab.page.goto(`${relay.url}#/?q=${'x'.repeat(20_000)}`);
	await tab.page.getByText('No source fits.').waitFor();
	expect(await tab.page.locator('.link').innerText()).toBe('Live');
});
