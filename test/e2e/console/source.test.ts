/** The page of a source while it reads much: its past, its first walk, and after an outage. */
import { arcusEntry } from '../../../sandbox/arcus/events';
import { arpioEvent } from '../../../sandbox/arpio/events';
import { run } from '../../support/command';
import { until } from '../support/wait';
import { fact, numberOf, section } from './support/read';
import type { Served } from './support/served';
import { stories } from './support/stories';
import { findings, type Tab } from './support/tab';

const DAY = 86_400_000;

const { served, openTab, picture } = stories();

let relay: Served;
let tab: Tab;

test('while a back-fill runs the page says how far it is, and at its end that it is complete', async () => {
	const slowly = (yaml: string) =>
		yaml
			.replaceAll('start: 2015-01-01T00:00:00Z', 'start: now')
			.replace('pollInterval: 1s', 'pollInterval: 1s\n    pageSize: 5\n    lateness: 2s');
	relay = await served({ edit: slowly });
	const { here } = relay;
	const begin = Date.now() - 40 * DAY;
	for (let i = 0; i < 300; i++)
		here.sandbox.arpio.api.log.add(arpioEvent({ id: `past${i}`, micros: (begin + i * 3 * 3_600_000) * 1000 }));
	await relay.start();
	tab = await openTab(`${relay.url}#/sources/dr`);
	await tab.page.getByRole('heading', { name: /^dr/ }).waitFor();
	here.sandbox.arpio.server.setFaults(() => ({ kind: 'slow', pauseMs: 300, pieces: 1 }));
	const job = run(['backfill', '--source', 'dr', '--from', '50d'], here.options);
	const bar = tab.page.getByRole('progressbar', { name: 'Back-fill' });
	await bar.waitFor();
	await tab.page.getByRole('radio', { name: /Last 10 minutes/ }).check();
	await until('it is on its way', async () => {
		const value = Number((await bar.getAttribute('value')) ?? 0);
		return value > 60 && value < 100;
	});
	expect(await section(tab.page, /^What is read now/).innerText()).toMatch(/\d+\.\d % · .* events\/s/);
	expect(await findings(tab.page)).toEqual([]);
	await picture(tab.page, 'source-catching-up');
	here.sandbox.arpio.server.setFaults(() => undefined);
	expect(await job).toMatchObject({ code: 0 });
	await section(tab.page, /^What is read now/)
		.getByText(/^The past from .* is complete\.$/)
		.waitFor();
	await until('it counts what the receiver has of this source', async () => {
		const mine = here.sandbox.receiver!.stored.filter(({ attributes }) => attributes['audit.source'] === 'arpio');
		return numberOf(await fact(tab.page, 'Shipped')) === mine.length;
	});
});

test('while the first walk runs the page says how far it is, how fast and how long it will take; so it does after an outage', async () => {
	const slowly = (yaml: string) =>
		yaml.replace(
			/(provider: arcus-erp[^]*?start: )\S+\n( +pollInterval: 1s)/,
			`$1${new Date(Date.now() - 4 * DAY).toISOString()}\n$2\n    pageSize: 5\n    lateness: 2s`,
		);
	relay = await served({ edit: slowly, arcus: { rateLimit: 'off' } });
	const { arcus, receiver } = relay.here.sandbox;
	const happen = (name: string, from: number, everyMs: number) => {
		for (let i = 0; i < 300; i++)
			arcus.api.log.add(arcusEntry(arcus.api.log, { id: `${name}${i}`, micros: (from + i * everyMs) * 1000 }));
	};
	const slow = () => arcus.server.setFaults(() => ({ kind: 'slow', pauseMs: 300, pieces: 1 }));
	const underWay = async (what: string) => {
		const bar = tab.page.getByRole('progressbar', { name: what });
		await bar.waitFor();
		await until(`${what}: all is told`, async () => {
			const said = (await section(tab.page, /^What is read now/).allInnerTexts()).join();
			return /now at [^]*\d+\.\d % · .* events\/s · \d+ \S+ left/.test(said);
		});
		const percent = Number(await bar.getAttribute('value'));
		await until('it comes nearer to the end', async () => Number(await bar.getAttribute('value')) > percent);
	};
	const isOver = async (count: number) => {
		arcus.server.setFaults(() => undefined);
		await until('it counts what the receiver has', async () => {
			const mine = receiver!.stored.filter(({ attributes }) => attributes['audit.source'] === 'arcus');
			const events = mine.filter(({ eventName }) => eventName !== 'audit_relay.gap');
			return events.length === count && numberOf(await fact(tab.page, 'Shipped')) === mine.length;
		});
		await until('nothing is said of it', async () => (await section(tab.page, /^What is read now/).count()) === 0);
	};
	happen('past', Date.now() - 3.5 * DAY, 900_000);
	slow();
	await relay.start();
	tab = await openTab(`${relay.url}#/sources/erp`);
	await tab.page.getByRole('radio', { name: /Last 10 minutes/ }).check();
	await underWay('First walk');
	expect(await findings(tab.page)).toEqual([]);
	await picture(tab.page, 'source-first-walk');
	await isOver(300);

	await relay.kill();
	happen('meanwhile', Date.now() - 1000, 10);
	slow();
	await relay.start();
	await underWay('Catching up');
	await isOver(600);
});
