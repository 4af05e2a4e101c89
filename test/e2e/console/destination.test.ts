/** The page of a destination: halted and cured, and what it did not take. */
import { until } from '../support/wait';
import { fact, numberOf } from './support/read';
import type { Served } from './support/served';
import { stories } from './support/stories';
import { findings, type Tab } from './support/tab';

const { served, openTab, picture } = stories();

let relay: Served;
let tab: Tab;

test('halted: what the receiver says, what waits and when it is tried again; cured, everything arrives', async () => {
	relay = await served();
	const receiver = relay.here.sandbox.receiver!;
	receiver.setAnswers(() => ({ kind: 'status', status: 403, body: 'this key may not write' }));
	await relay.start();
	tab = await openTab(`${relay.url}#/destinations/siem`);
	const { page } = tab;
	await page.getByRole('heading', { name: 'siem Halted' }).waitFor();
	expect((await page.locator('.problem').allInnerTexts()).join()).toContain('403');
	await until('what was read waits', async () => numberOf(await fact(page, 'Waiting')) > 50);
	expect(await page.getByRole('table', { name: 'Answers by status' }).innerText()).toMatch(/403/);
	expect(await findings(page)).toEqual([]);
	await picture(page, 'destination-halted');
	await page.getByRole('radio', { name: /^Last 10 minutes/ }).check();
	await page.getByText('Pauses, in each 5 s', { exact: true }).waitFor();
	await page.getByText('In numbers: Records in flight, at most').click();
	const flying = page.getByRole('region', { name: 'Records in flight, at most in numbers' });
	await until('there is a point for each five seconds', async () => (await flying.innerText()).split('\n').length > 5);
	await picture(page, 'destination-fine');
	expect(await findings(page)).toEqual([]);

	await relay.kill();
	receiver.setAnswers(undefined);
	await relay.start();
	await page.getByRole('heading', { name: 'siem Ok' }).waitFor();
	await until('nothing waits, and it counts what the receiver has', async () => {
		return (await fact(page, 'Waiting')) === '0' && numberOf(await fact(page, 'Shipped')) === receiver.stored.length;
	});
});
