/** The page of a source: while it catches up, after it was paused, and what it says about completeness. */
import { arpioEvent } from '../../../sandbox/arpio/events';
import { run } from '../../support/command';
import { until } from '../support/wait';
import { fact, numberOf } from './support/read';
import type { Served } from './support/served';
import { stories } from './support/stories';
import { findings, type Tab } from './support/tab';

const DAY = 86_400_000;

const { served, openTab, picture } = stories();

let relay: Served;
let tab: Tab;

const section = (title: RegExp) =>
	tab.page.locator('section').filter({ has: tab.page.getByRole('heading', { name: title }) });

test('while a back-fill runs the page says how far it is, and at its end that it is complete', async () => {
	const slowly = (yaml: string) =>
		yaml
			.replaceAll('start: 2015-01-01T00:00:00Z', 'start: now')
			.replace('pollInterval: 1s', 'pollInterval: 1s\n    pageSize: 5\n    lateness: 2s');
	relay = await served({ edit: slowly });
	const { here } = relay;
	const begin = Date.now() - 40 * DAY;
	for (let i = 0; i < 300; i++)
		here.sandbox.arpio.api.log.add(arpioEvent({ id: `past${i}`, micros: (begin + i * 3_600_000) * 1000 }));
	await relay.start();
	tab = await openTab(`${relay.url}#/sources/dr`);
	await tab.page.getByRole('heading', { name: /^dr/ }).waitFor();
	here.sandbox.arpio.server.setFaults(() => ({ kind: 'slow', pauseMs: 150, pieces: 1 }));
	const job = run(['backfill', '--source', 'dr', '--from', '2015-01-01'], here.options);
	const bar = tab.page.getByRole('progressbar', { name: 'Back-fill' });
	await bar.waitFor();
	await until('it is on its way', async () => {
		const value = Number((await bar.getAttribute('value')) ?? 0);
		return value > 0 && value < 100;
	});
	expect(await section(/^What is read now/).innerText()).toMatch(/\d+\.\d % · .* events\/s/);
	expect(await findings(tab.page)).toEqual([]);
	await picture(tab.page, 'source-catching-up');
	here.sandbox.arpio.server.setFaults(() => undefined);
	expect(await job).toMatchObject({ code: 0 });
	await section(/^What is read now/)
		.getByText(/^The past from .* is complete\.$/)
		.waitFor();
	await until('it counts what the receiver has of this source', async () => {
		const mine = here.sandbox.receiver!.stored.filter(({ attributes }) => attributes['audit.source'] === 'arpio');
		return numberOf(await fact(tab.page, 'Shipped')) === mine.length;
	});
});
