/** A telephone in the dark: every view with all that it can have, and nothing is off the screen. */
import { run } from '../../support/command';
import { arpioEvent } from '../../../sandbox/arpio/events';
import type { Page } from '../support/page';
import { until } from '../support/wait';
import { section } from './support/read';
import { poisoned } from './support/poisoned';
import { LOGIN } from './support/served';
import { stories } from './support/stories';
import { findings, overhang } from './support/tab';

const { served, openTab, picture } = stories();

const PHONE = { viewport: { width: 400, height: 850 }, colorScheme: 'dark', httpCredentials: LOGIN } as const;
const LONG = `tenant-${'of-a-very-long-name-'.repeat(3).slice(0, 57)}`;

async function fits(page: Page): Promise<void> {
	expect(await overhang(page)).toBe(0);
	expect(await findings(page)).toEqual([]);
}

test('problems, a long name, a halted source, gaps, dead letters, a verdict, questions and answers', async () => {
	const verified = (yaml: string) =>
		yaml
			.replaceAll(/^( +)pollInterval: .*$/gm, '$&\n$1verify: { keep: 3650d, every: 24h }')
			.replace('name: app', `name: ${LONG}`);
	const relay = await served({ withLogin: true, newestAt: Date.now() - 3_600_000, edit: verified });
	const { sandbox, options } = relay.here;
	sandbox.arcus.server.setFaults(() => ({ kind: 'status', status: 401 }));
	poisoned(sandbox, 2);
	relay.configure((yaml) => verified(yaml).replaceAll(', every: 24h', ''));
	await run(['run', '--once'], options);
	sandbox.arpio.api.log.add(arpioEvent({ id: 'late', micros: sandbox.arpio.api.log.all()[8]!.micros + 1 }));
	relay.configure(verified);
	await relay.start();
	const { page } = await openTab(relay.url, PHONE);
	const told = async () => (await page.locator('.problem').allInnerTexts()).join('\n');
	let last = '';
	await until(
		'all is told',
		async () => /Verify broken/.test((last = await told())) && /Source refused/.test(last),
		30_000,
		() => last,
	);
	await fits(page);
	await picture(page, 'phone');
	await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
	await picture(page, 'phone-sources');

	await page.goto(`${relay.url}#/sources/dr`);
	await section(page, /^Completeness/).waitFor();
	await section(page, /^Dead letters/)
		.locator('li')
		.first()
		.waitFor();
	await fits(page);
	await picture(page, 'phone-source');
	await picture(page, 'phone-gaps', section(page, /^Gaps/));
	await picture(page, 'phone-letters', section(page, /^Dead letters/));
	await picture(page, 'phone-verdict', section(page, /^Completeness/));
	await page.getByRole('button', { name: 'Back-fill…' }).click();
	await page.getByRole('heading', { name: 'Back-fill dr' }).waitFor();
	await fits(page);
	await picture(page, 'phone-ask');
	await page.keyboard.press('Escape');

	await page.goto(`${relay.url}#/sources/${LONG}`);
	await page.getByRole('heading', { name: new RegExp(`^${LONG}`) }).waitFor();
	await page.locator('figure').first().waitFor();
	await fits(page);
	await picture(page, 'phone-long');
	await page.goto(`${relay.url}#/destinations/siem`);
	await page.getByRole('heading', { name: /^siem/ }).waitFor();
	await page.locator('figure').first().waitFor();
	await fits(page);
	await picture(page, 'phone-destination');
	await page.goto(`${relay.url}plain`);
	expect(await overhang(page)).toBe(0);
	await picture(page, 'phone-plain');
});
