/** What somebody who has logged in does about what is wrong: in the console of the built command, in a real Chromium. */
import { arpioEvent } from '../../../sandbox/arpio/events';
import { until } from '../support/wait';
import { cell, fact, names, numberOf } from './support/read';
import { LOGIN, type Served } from './support/served';
import { stories } from './support/stories';
import { findings, type Tab } from './support/tab';

const { served, openTab } = stories();

const DAY = 86_400_000;

let relay: Served;
let tab: Tab;

const button = (name: string) => tab.page.getByRole('button', { name, exact: true });

test('a halted destination is tried at once when its receiver is cured', async () => {
	relay = await served({ withLogin: true });
	const receiver = relay.here.sandbox.receiver!;
	receiver.setAnswers(() => ({ kind: 'status', status: 403 }));
	await relay.start();
	tab = await openTab(`${relay.url}#/destinations/siem`, { httpCredentials: LOGIN });
	await tab.page.getByRole('heading', { name: 'siem Halted' }).waitFor();
	receiver.setAnswers(undefined);
	await button('Try it now').click();
	await tab.page.getByRole('heading', { name: 'siem Ok' }).waitFor();
	await until('everything arrives', () => receiver.stored.length > 50);
});

test('a source is paused with a reason, which everybody sees, and resumed', async () => {
	relay = await served({ withLogin: true });
	await relay.start();
	tab = await openTab(`${relay.url}#/sources/erp`, { httpCredentials: LOGIN });
	await tab.page.getByRole('heading', { name: 'erp arcus-erp Ok' }).waitFor();
	await button('Pause…').click();
	await tab.page.getByLabel(/^Why/).fill('the key is being rotated');
	await button('Pause').click();
	await tab.page.getByRole('heading', { name: 'erp arcus-erp Paused' }).waitFor();
	await tab.page
		.getByText(/the key is being rotated/)
		.first()
		.waitFor();
	await button('Resume').click();
	await tab.page.getByRole('heading', { name: 'erp arcus-erp Ok' }).waitFor();
});

test('polled now: what happened is there at once, although the next poll is an hour away', async () => {
	const seldom = (yaml: string) => yaml.replaceAll('pollInterval: 1s', 'pollInterval: 1h');
	relay = await served({ withLogin: true, newestAt: Date.now() - 3_600_000, edit: seldom });
	await relay.start();
	tab = await openTab(`${relay.url}#/sources/dr`, { httpCredentials: LOGIN });
	await tab.page.getByRole('heading', { name: 'dr arpio Ok' }).waitFor();
	const { log } = relay.here.sandbox.arpio.api;
	const count = () =>
		relay.here.sandbox.receiver!.stored.filter(({ attributes }) => attributes['audit.source'] === 'arpio').length;
	await until('it counts what has arrived', async () => numberOf(await fact(tab.page, 'Shipped')) === count());
	const before = count();
	log.add(arpioEvent({ id: 'just-now', micros: Date.now() * 1000 }));
	await button('Poll now').click();
	await tab.page.getByText(/^dr is polled now/).waitFor();
	await until('it has arrived, and is counted', async () => {
		return count() === before + 1 && numberOf(await fact(tab.page, 'Shipped')) === before + 1;
	});
	await tab.page.getByRole('heading', { name: 'Recent events' }).waitFor();
	await relay.says('"audit_relay.what":"poll: dr"');
});

test('a back-fill is asked for with a mistake, then without, and cancelled', async () => {
	const fromNow = (yaml: string) =>
		yaml
			.replaceAll('start: 2015-01-01T00:00:00Z', 'start: now')
			.replace('pollInterval: 1s', 'pollInterval: 1s\n    pageSize: 5\n    lateness: 2s');
	relay = await served({ withLogin: true, edit: fromNow });
	const { arpio } = relay.here.sandbox;
	for (let i = 0; i < 300; i++)
		arpio.api.log.add(arpioEvent({ id: `past${i}`, micros: (Date.now() - 40 * DAY + i * 3_600_000) * 1000 }));
	await relay.start();
	tab = await openTab(`${relay.url}#/sources/dr`, { httpCredentials: LOGIN });
	const { page } = tab;
	await page.getByRole('heading', { name: 'dr arpio Ok' }).waitFor();
	arpio.server.setFaults(() => ({ kind: 'slow', pauseMs: 300, pieces: 1 }));
	await button('Back-fill…').click();
	await page.getByLabel(/^From/).fill('soon');
	await button('Start').click();
	await page.getByText(/^from: is not a date.*\. Write an ISO/).waitFor();
	expect(await findings(page)).toEqual([]);
	await page.getByLabel(/^From/).fill('90d');
	await button('Start').click();
	await page.getByRole('progressbar', { name: 'Back-fill' }).waitFor();
	await button('Cancel the back-fill').click();
	await page.getByText(/^The back-fill from .* was cancelled/).waitFor();
	await relay.says('"audit_relay.what":"backfill --cancel: dr"');
});

test('a changed configuration is read again, and one with a mistake is refused, with the place', async () => {
	relay = await served({ withLogin: true });
	await relay.start();
	tab = await openTab(relay.url, { httpCredentials: LOGIN });
	const { page } = tab;
	await until('three are listed', async () => (await names(page, 'Sources')).length === 3);
	await button('Reload the configuration').click();
	await page.getByText('Reloaded: nothing has changed.').waitFor();
	relay.configure((yaml) => yaml + yaml.slice(yaml.indexOf('  - name: app')).replace('name: app', 'name: app-2'));
	await button('Reload the configuration').click();
	await page.getByText(/^Reloaded: .*app-2/).waitFor();
	await until('it is read too', async () => /^Ok/.test(await cell(page, 'Sources', 'app-2', 'State')));
	relay.configure((yaml) => yaml.replace('endpoint: http', 'endpont: http'));
	await button('Reload the configuration').click();
	await page
		.getByText(/^audit-relay\.yaml:6:5 .*endpont.* Did you mean "endpoint"\? Everything goes on as before/)
		.waitFor();
	expect(await names(page, 'Sources')).toHaveLength(4);
});

test('with the keyboard alone: a source is paused with a reason and resumed, and the keyboard stays where it was', async () => {
	relay = await served({ withLogin: true });
	await relay.start();
	tab = await openTab(`${relay.url}#/sources/erp`, { httpCredentials: LOGIN });
	const { page } = tab;
	const { keyboard } = page;
	await page.getByRole('heading', { name: 'erp arcus-erp Ok' }).waitFor();
	const focused = () => page.evaluate<string>('document.activeElement.textContent');
	for (let i = 0; i < 20 && (await focused()) !== 'Pause…'; i++) await keyboard.press('Tab');
	await keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Pause erp?' }).waitFor();
	await keyboard.press('Escape');
	await until(
		'it is asked no more',
		async () => (await page.getByRole('heading', { name: 'Pause erp?' }).count()) === 0,
	);
	expect(await focused()).toBe('Pause…');
	await keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Pause erp?' }).waitFor();
	await keyboard.type('maintenance');
	await keyboard.press('Enter');
	await page.getByRole('heading', { name: 'erp arcus-erp Paused' }).waitFor();
	expect(await focused()).toBe('Resume');
	await keyboard.press('Enter');
	await page.getByRole('heading', { name: 'erp arcus-erp Ok' }).waitFor();
});
