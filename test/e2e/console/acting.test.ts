/** What somebody who has logged in does about what is wrong: in the console of the built command, in a real Chromium. */
import { until } from '../support/wait';
import { LOGIN, type Served } from './support/served';
import { stories } from './support/stories';
import { findings, type Tab } from './support/tab';

const { served, openTab, picture } = stories();

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

test('dead letters: searched, one sent again, the other discarded', async () => {
	relay = await served({ withLogin: true });
	const { sandbox } = relay.here;
	const poison = sandbox.arpio.api.log
		.all()
		.slice(4, 6)
		.map(({ id }) => `arpio:${id}`);
	sandbox.receiver!.setAnswers((_number, { records }) => {
		const isBad = records.some(({ attributes }) => poison.includes(attributes['log.record.uid'] as string));
		return isBad ? { kind: 'status', status: 400, body: 'bad record' } : undefined;
	});
	await relay.start();
	tab = await openTab(`${relay.url}#/sources/dr`, { httpCredentials: LOGIN });
	const { page } = tab;
	await page.getByRole('heading', { name: 'Dead letters (2)' }).waitFor();
	const listed = page.locator('.records input[type=checkbox]');
	await until('both are listed', async () => (await listed.count()) === 2);
	expect(await findings(page)).toEqual([]);
	await picture(
		page,
		'dead-letters-listed',
		page.locator('section').filter({ has: page.getByRole('heading', { name: /^Dead letters/ }) }),
	);
	const search = page.getByRole('searchbox', { name: 'Search' });
	await search.fill(poison[0]!.slice('arpio:'.length));
	await search.press('Enter');
	await until('one has it in its text', async () => (await listed.count()) === 1);
	const saved = await page.evaluate<string>(
		"fetch(document.querySelector('a[download]').href).then((file) => file.text())",
	);
	expect(saved.trimEnd().split('\n')).toEqual([expect.stringContaining(poison[0]!.slice('arpio:'.length))]);
	await search.fill('no such thing');
	await search.press('Enter');
	await until('none fits', async () => (await listed.count()) === 0);
	await search.fill('');
	await search.press('Enter');
	await until('both are listed again', async () => (await listed.count()) === 2);
	sandbox.receiver!.setAnswers(undefined);
	await listed.first().check();
	await button('Retry 1 letter').click();
	await page.getByRole('heading', { name: 'Dead letters (1)' }).waitFor();
	const arrived = () =>
		sandbox.receiver!.stored.filter(({ attributes }) => poison.includes(attributes['log.record.uid'] as string));
	await until('it arrives', () => arrived().length === 1);
	await button('Discard all…').click();
	await button('Discard for good').click();
	await until('none is left', async () => (await page.getByRole('heading', { name: /^Dead letters/ }).count()) === 0);
	expect(arrived()).toHaveLength(1);
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
