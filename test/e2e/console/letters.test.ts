/** Dead letters in the console: what anybody sees of them, and what somebody who has logged in does with them. */
import { arpioEvent } from '../../../sandbox/arpio/events';
import { until } from '../support/wait';
import { row, section } from './support/read';
import { poisoned } from './support/poisoned';
import { LOGIN } from './support/served';
import { stories } from './support/stories';
import { findings } from './support/tab';

const { served, openTab, picture } = stories();

test('dead letters: searched and looked at; what is found or chosen is sent again or discarded', async () => {
	const relay = await served({ withLogin: true });
	const { sandbox } = relay.here;
	const { poison, ids } = poisoned(sandbox, 4);
	await relay.start();
	const { page } = await openTab(`${relay.url}#/sources/dr`, { httpCredentials: LOGIN });
	await page.getByRole('heading', { name: 'Dead letters (4)' }).waitFor();
	const button = (name: string) => page.getByRole('button', { name, exact: true });
	const listed = page.locator('.records input[type=checkbox]');
	await until('all are listed', async () => (await listed.count()) === 4);
	expect(await findings(page)).toEqual([]);
	await picture(page, 'dead-letters-listed', section(page, /^Dead letters/));
	const search = page.getByRole('searchbox', { name: 'Search' });
	const find = async (text: string, fitting: number) => {
		await search.fill(text);
		await search.press('Enter');
		await until(`${fitting} fit ${text}`, async () => (await listed.count()) === fitting);
	};
	await find(ids[0]!, 1);
	const saved = await page.evaluate<string>(
		"fetch(document.querySelector('a[download]').href).then((file) => file.text())",
	);
	expect(saved.trimEnd().split('\n')).toEqual([expect.stringContaining(ids[0]!)]);
	await page.getByText('Text of letter').first().click();
	expect(
		await page
			.getByLabel(/^Text of letter/)
			.last()
			.innerText(),
	).toContain(ids[0]!);

	sandbox.receiver!.setAnswers(undefined);
	const arrived = () =>
		sandbox
			.receiver!.stored.map(({ attributes }) => attributes['log.record.uid'] as string)
			.filter((uid) => poison.includes(uid));
	await button('Retry what is found').click();
	await page.getByText('1 letter back in the outbox.').waitFor();
	await page.getByRole('heading', { name: 'Dead letters (3)' }).waitFor();
	await until('the one that was found arrives', () => arrived().join() === poison[0]);

	await find(ids[1]!, 1);
	await button('Discard what is found…').click();
	await page.getByRole('heading', { name: 'Discard 1 letter?' }).waitFor();
	await button('Discard for good').click();
	await page.getByRole('heading', { name: 'Dead letters (2)' }).waitFor();
	await find('no such thing', 0);
	await find('', 2);

	await listed.first().check();
	await button('Retry 1 letter').click();
	await page.getByRole('heading', { name: 'Dead letters (1)' }).waitFor();
	await until('the one that was chosen arrives', () => arrived().length === 2);
	await button('Discard all…').click();
	await button('Discard for good').click();
	await until('none is left', async () => (await page.getByRole('heading', { name: /^Dead letters/ }).count()) === 0);
	expect(arrived()).toHaveLength(2);
	expect(arrived()).not.toContain(poison[1]);
});

test('dead letters are counted by reason for anybody; what they say is for those who log in', async () => {
	const relay = await served();
	const { sandbox } = relay.here;
	poisoned(sandbox, 2);
	await relay.start();
	const { page } = await openTab(relay.url);
	await until('both are counted', async () =>
		/Dead letters\s*2|\t2/.test(await row(page, 'Sources', 'dr').innerText()),
	);
	await page.getByRole('link', { name: 'dr', exact: true }).first().click();
	await page.getByRole('heading', { name: 'Dead letters (2)' }).waitFor();
	const reasons = await page.getByRole('table', { name: 'Dead letters by reason' }).innerText();
	expect(reasons.replace(/\s+/g, ' ')).toMatch(/Rejected siem 2/);
	expect(await page.getByText(/with a login \(server\.auth\)/).count()).toBe(1);
	expect(await page.getByRole('button', { name: /Retry|Discard/ }).count()).toBe(0);
	expect(await findings(page)).toEqual([]);
	await picture(page, 'dead-letters');
});

test('what a button would send again is said before it can be: while a search runs, and when a page of them is gone', async () => {
	const relay = await served({ withLogin: true, newestAt: Date.now() - 3_600_000 });
	const { sandbox } = relay.here;
	for (let i = 0; i < 30; i++)
		sandbox.arpio.api.log.add(arpioEvent({ id: `more-${i}`, micros: (Date.now() - 1_800_000 + i) * 1000 }));
	sandbox.receiver!.setAnswers((_number, { records }) =>
		records.some(({ attributes }) => (attributes['log.record.uid'] as string | undefined)?.startsWith('arpio:more-'))
			? { kind: 'status', status: 400, body: 'bad record' }
			: undefined,
	);
	await relay.start();
	const { page } = await openTab(`${relay.url}#/sources/dr`, { httpCredentials: LOGIN });
	await page.getByRole('heading', { name: 'Dead letters (30)' }).waitFor();
	const listed = page.locator('.records input[type=checkbox]');
	await until('the first are listed', async () => (await listed.count()) === 25);

	await page.evaluate(`const asked = fetch;
		window.fetch = async (path, ...more) => {
			if (/[?&]q=/.test(path)) await new Promise((resolve) => (window.answer = resolve));
			return asked(path, ...more);
		}; undefined`);
	const search = page.getByRole('searchbox', { name: 'Search' });
	const isOff = (name: RegExp) =>
		page
			.getByRole('button', { name })
			.getAttribute('disabled')
			.then((value) => value !== null);
	await search.fill('more-29');
	expect(await isOff(/^Discard all/)).toBe(true);
	await search.press('Enter');
	await until('it is searched', () => page.evaluate<boolean>('window.answer !== undefined'));
	expect(await isOff(/^Discard what is found/)).toBe(true);
	await page.evaluate('window.answer()');
	await until('it is found', async () => (await listed.count()) === 1);
	await page.getByRole('button', { name: /^Discard what is found/ }).click();
	await page.getByRole('heading', { name: 'Discard 1 letter?' }).waitFor();
	await page.getByRole('button', { name: 'Cancel', exact: true }).click();

	await search.fill('');
	await until('all are listed again', async () => (await listed.count()) === 25);
	await page.getByRole('button', { name: 'Older', exact: true }).click();
	await until('the oldest are listed', async () => (await listed.count()) === 5);
	for (const box of [0, 1, 2, 3, 4]) await page.locator(`.records li:nth-child(${box + 1}) input`).check();
	await page.getByRole('button', { name: 'Discard 5 letters…', exact: true }).click();
	await page.getByRole('button', { name: 'Discard for good', exact: true }).click();
	await page.getByRole('heading', { name: 'Dead letters (25)' }).waitFor();
	await until('those that are left are listed', async () => (await listed.count()) === 25);
});
