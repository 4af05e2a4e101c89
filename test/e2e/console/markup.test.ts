/** Texts that others write (providers, receivers, events, whoever logs in) are shown as they are: nothing of them becomes a part of the page. */
import { arpioEvent } from '../../../sandbox/arpio/events';
import type { Page } from '../support/page';
import { until } from '../support/wait';
import { section } from './support/read';
import { LOGIN } from './support/served';
import { stories } from './support/stories';
import { findings, overhang } from './support/tab';

const { served, openTab, picture } = stories();

/** Would ask for something elsewhere, and leave a trace, if it ran. */
const MARKUP = '<script>ran=1</script><img src=//elsewhere.invalid/x onerror=ran=1>';
/** Of what receivers say, whole tags are left out. */
const UNCLOSED = '<img src=//elsewhere.invalid/x onerror=ran=1';

async function isText(page: Page): Promise<void> {
	const found = await page.evaluate('[String(window.ran), document.querySelectorAll("body :is(script, img)").length]');
	expect(found).toEqual(['undefined', 0]);
}

test('markup in the errors of a provider and a receiver, in events, in a name and in a note is text', async () => {
	const relay = await served({ withLogin: true, newestAt: Date.now() - 3_600_000 });
	const { sandbox } = relay.here;
	const refusal = JSON.stringify({ message: MARKUP, error: { message: MARKUP, code: MARKUP } });
	sandbox.arcus.server.setFaults(() => ({
		...{ kind: 'status', status: 403, body: refusal },
		headers: { 'content-type': 'application/json' },
	}));
	const bad = arpioEvent({ id: 'letter', micros: (Date.now() - 1000) * 1000, type: MARKUP });
	sandbox.receiver!.setAnswers((_number, { records }) =>
		records.some(({ attributes }) => attributes['log.record.uid'] === 'arpio:letter')
			? { kind: 'status', status: 400, body: UNCLOSED }
			: undefined,
	);
	await relay.start();
	const { page } = await openTab(relay.url, { httpCredentials: { ...LOGIN, username: MARKUP } });
	await page.getByText('Ready').first().waitFor();
	sandbox.arpio.api.log.add(bad);
	sandbox.arpio.api.log.add(arpioEvent({ id: 'taken', micros: (Date.now() - 500) * 1000, type: MARKUP }));

	const seen = async (where: string, text: () => Promise<string>, what = MARKUP) => {
		let last = '';
		await until(
			`${where} has it as text`,
			async () => (last = await text()).includes(what),
			30_000,
			() => last,
		);
		await isText(page);
		// without scripts a page can only follow by being loaded again
		expect((await findings(page)).filter((found) => !found.startsWith('meta-refresh'))).toEqual([]);
		expect(await overhang(page)).toBe(0);
	};
	const all = () => page.locator('main').innerText();
	await seen('the problem', all);
	await page.goto(`${relay.url}#/sources/erp`);
	await seen('the source that is refused', all);
	await page.getByRole('button', { name: 'Pause…' }).click();
	await page.getByLabel(/^Why/).fill(MARKUP);
	await page.getByRole('button', { name: 'Pause', exact: true }).click();
	await page.getByRole('heading', { name: 'erp arcus-erp Paused' }).waitFor();
	await seen('the pause', async () => (await page.locator('.problem').allInnerTexts()).join());
	await picture(page, 'markup');

	await page.goto(`${relay.url}#/sources/dr`);
	await seen('the dead letter', () => section(page, /^Dead letters/).innerText(), UNCLOSED);
	await page.evaluate("document.querySelectorAll('.records details').forEach((one) => { one.open = true; })");
	await seen('the text of the letter', () => section(page, /^Dead letters/).innerText());
	await seen('the last events', () => section(page, /^Recent events/).innerText());
	await page.goto(`${relay.url}#/destinations/siem`);
	await seen('the destination', all, UNCLOSED);

	await page.goto(`${relay.url}plain`);
	await seen('the page without scripts', () => page.locator('body').innerText());
	relay.configure((yaml) => yaml.replace('name: app', `name: '${MARKUP}'`));
	await page.goto(`${relay.url}#/`);
	await page.getByRole('button', { name: 'Reload the configuration' }).click();
	await page
		.getByText(/is not a usable name/)
		.first()
		.waitFor();
	await seen('the name of a source', async () => (await page.locator('.problem strong').allInnerTexts()).join());
});

test('an address that somebody made up is text as well', async () => {
	const relay = await served();
	await relay.start();
	const { page } = await openTab(`${relay.url}#/sources/${encodeURIComponent(MARKUP)}`);
	await page.getByText(/there is no source/).waitFor();
	await isText(page);
});
