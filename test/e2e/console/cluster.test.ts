/** Two workers on one database: whichever of them one looks at shows all, and what one tells it is done by whoever has it. */
import { liveEvents } from '../../../sandbox/live';
import { until } from '../support/wait';
import { cluster, type Cluster } from './support/cluster';
import { cell, numberOf } from './support/read';
import { LOGIN } from './support/served';
import { stories } from './support/stories';
import { findings, type Tab } from './support/tab';

const { openTab, picture } = stories();
const SOURCES = ['dr', 'erp', 'app'];

let fleet: Cluster;

beforeAll(async () => {
	fleet = await cluster();
});
afterAll(() => fleet?.end());

const shipped = async ({ page }: Tab) => numberOf(await cell(page, 'Destinations', 'siem', 'Shipped'));
const received = () => fleet.here.sandbox.receiver!.stored.length;
const everywhere = async (tab: Tab, column: string, fits: RegExp) => {
	const all = await Promise.all(SOURCES.map((name) => cell(tab.page, 'Sources', name, column)));
	return all.every((text) => fits.test(text));
};

test('the other one has all shards: seen, paused, resumed and taken over from here', async () => {
	const [here, other] = fleet.workers;
	await fleet.command('drain', here.id);
	const looking = await openTab(here.url, { httpCredentials: LOGIN });
	const { page } = looking;
	await until('this one has none', async () => (await page.locator('.totals').innerText()).includes('with 0 of 64'));
	await until('each source says who has it', () => everywhere(looking, 'Source', new RegExp(other.id)));
	await until('each is well', () => everywhere(looking, 'State', /^Ok/));
	await until(
		'it counts what the receiver has',
		async () => received() > 50 && (await shipped(looking)) === received(),
	);
	expect(await findings(page)).toEqual([]);
	await picture(page, 'cluster');

	await page.getByRole('link', { name: 'app', exact: true }).first().click();
	await page.getByRole('button', { name: 'Pause…' }).click();
	await page.getByLabel(/^Why/).fill('the key is being rotated');
	await page.getByRole('button', { name: 'Pause', exact: true }).click();
	await page.getByText('the worker that has the source does it with its next beat').waitFor();
	await page.getByRole('heading', { name: 'app auditapi Paused' }).waitFor();
	const there = await openTab(`${other.url}#/sources/app`, { httpCredentials: LOGIN });
	await there.page.getByRole('heading', { name: 'app auditapi Paused' }).waitFor();
	await there.page
		.getByText(/the key is being rotated/)
		.first()
		.waitFor();
	await page.getByRole('button', { name: 'Resume' }).click();
	for (const tab of [looking, there]) await tab.page.getByRole('heading', { name: 'app auditapi Ok' }).waitFor();

	await page.goto(`${here.url}#/`);
	await fleet.command('drain', here.id, '--undo');
	await there.close();
	await other.kill();
	await until('this one has all', async () => (await page.locator('.totals').innerText()).includes('with 64 of 64'));
	await until('the sources are its own', async () => !(await everywhere(looking, 'Source', new RegExp(other.id))));
	await until('each is well', () => everywhere(looking, 'State', /^Ok/));
	const happen = liveEvents(fleet.here.sandbox.logs, 3);
	for (let i = 0; i < 30; i++) happen(Date.now());
	const everything = Object.values(fleet.here.sandbox.logs).flatMap((log) => log.all()).length;
	await until('what happened has arrived, and the page says so', async () => {
		const events = fleet.here.sandbox.receiver!.stored.filter(({ eventName }) => eventName !== 'audit_relay.gap');
		return (
			new Set(events.map(({ attributes }) => attributes['log.record.uid'])).size === everything &&
			(await shipped(looking)) === received()
		);
	});
});
