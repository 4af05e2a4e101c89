/** What is not complete, and what is: gaps and verdicts, as the pages tell them. */
import { arpioEvent } from '../../../sandbox/arpio/events';
import { run } from '../../support/command';
import { until } from '../support/wait';
import { cell, section } from './support/read';
import { stories } from './support/stories';
import { findings } from './support/tab';

const { served, openTab, picture } = stories();

const HOUR = 3_600_000;

/** Of each source. */
const withSettings = (settings: string) => (yaml: string) =>
	yaml.replaceAll(/^( +)pollInterval: .*$/gm, `$&\n$1${settings.replaceAll('\n', '\n$1')}`);

test('a day that the provider has forgotten: a problem, with reason and times on the page, until somebody acknowledges it', async () => {
	const relay = await served({ newestAt: Date.now() - 2 * HOUR, edit: withSettings('lateness: 1d') });
	const { here } = relay;
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	// as if it had been off since the day before
	relay.configure(withSettings('lateness: 1m\nretention: 3h'));
	await relay.start();
	const { page } = await openTab(relay.url);
	const problem = page.locator('.problem').filter({ hasText: /^dr Gaps/ });
	await problem.waitFor();
	expect(await cell(page, 'Sources', 'dr', 'Gaps')).toBe('1');
	await problem.getByRole('link', { name: 'dr' }).click();

	const gap = page
		.getByRole('table', { name: 'Gaps' })
		.locator('tbody tr')
		.filter({ hasText: /Retention/ });
	await gap.waitFor();
	expect(await gap.locator('[data-title=Detail]').innerText()).toContain('the provider keeps events for 3h only');
	expect(await gap.locator('[data-title=Acknowledged]').innerText()).toBe('no');
	// the same stretch as the record that says so to whoever reads the destination
	const told = () =>
		here.sandbox.receiver!.stored.find(
			({ attributes }) => attributes['audit.gap.reason'] === 'retention' && attributes['audit.source'] === 'arpio',
		);
	await until('the gap record has arrived', () => told() !== undefined);
	const shown = async (column: string) => gap.locator(`[data-title=${column}] time`).getAttribute('datetime');
	const millis = (text: unknown) => Date.parse(text as string);
	expect(millis(await shown('From'))).toBe(millis(told()!.attributes['audit.gap.from']));
	expect(millis(await shown('To'))).toBe(millis(told()!.attributes['audit.gap.to']));
	expect(await findings(page)).toEqual([]);
	await picture(page, 'gap');

	expect(await run(['gaps', 'acknowledge', '--all'], here.options)).toMatchObject({ code: 0 });
	await until('nothing is wrong', async () => (await page.locator('.problem').count()) === 0);
	expect(await gap.locator('[data-title=Acknowledged]').innerText()).toMatch(/ by \S+$/);
});

test('an event that came later than promised: the check is broken, and says what it compared; of another source it is proven', async () => {
	const keep = 'keep: 3650d';
	const relay = await served({ newestAt: Date.now() - HOUR, edit: withSettings(`verify: { ${keep} }`) });
	const { here } = relay;
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	const { log } = here.sandbox.arpio.api;
	const listed = log.all().length;
	log.add(arpioEvent({ id: 'late', micros: log.all()[5]!.micros + 1 }));
	relay.configure(withSettings(`verify: { ${keep}, every: 24h }`));
	await relay.start();

	const { page } = await openTab(`${relay.url}#/sources/dr`);
	const verdict = section(page, /^Completeness/);
	await verdict.waitFor();
	const text = await verdict.innerText();
	expect(text).toMatch(/Broken/);
	expect(text).toContain(`${listed} acknowledged, 1 missing`);
	const problems = page.locator('.problem');
	expect(await problems.allInnerTexts()).toEqual([
		expect.stringMatching(/^Gaps [^]*1 skipped/),
		expect.stringMatching(/^Verify broken/),
	]);
	expect(await findings(page)).toEqual([]);
	await picture(page, 'verdict-broken', verdict);
	for (const dealtWith of [
		['verify', '--acknowledge'],
		['gaps', 'acknowledge', '--all'],
	])
		expect(await run(dealtWith, here.options)).toMatchObject({ code: 0 });
	await until('nothing is wrong', async () => (await problems.count()) === 0);
	expect(await verdict.innerText()).toMatch(/Broken .* acknowledged/);

	await page.goto(`${relay.url}#/sources/erp`);
	await verdict.getByText('Everything that the provider lists was collected.').waitFor();
	expect(await verdict.innerText()).toMatch(/Proven[^]* (\d\d) listed, \1 acknowledged, 0 missing[^]*Chain: proven/);
	expect(await findings(page)).toEqual([]);
	await picture(page, 'verdict-proven', verdict);
});
