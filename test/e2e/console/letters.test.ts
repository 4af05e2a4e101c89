/** Dead letters in the console: what anybody sees of them, and what somebody who has logged in does with them. */
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
