import { ENV, GOOD, load, refused } from './scratch';

const env = { ...ENV, HOOK: 'https://hooks.slack.example/services/T0/B0/canary', PD: 'canary-routing-key' };
const withOne = (text: string) => `${GOOD}notifications:\n  - ${text.trim().replaceAll('\n', '\n    ')}\n`;

test('nobody is told of anything, unless that is configured', async () => {
	expect((await load(GOOD)).notifications).toEqual([]);
});

test('an address is a secret, read when it is used; how long a problem lasts before it is told is up to its kind, and can be changed', async () => {
	const [one] = (await load(withOne('name: ops\ntype: slack\nurl: "${env:HOOK}"\nafter: { source_refused: 5m }'), env))
		.notifications;
	expect(await one!.url.read()).toBe(env.HOOK);
	expect(one).toMatchObject({ name: 'ops', type: 'slack', severity: 'degraded', perMinute: 6 });
	expect(one!.afterMs).toMatchObject({ source_refused: 300_000, destination_degraded: 300_000, gaps: 0 });
});

test('PagerDuty needs a key only: its address is known, by region', async () => {
	const text = withOne('name: page\ntype: pagerduty\nroutingKey: "${env:PD}"\nregion: eu\nseverity: not_ready');
	const [one] = (await load(text, env)).notifications;
	expect(await one!.url.read()).toBe('https://events.eu.pagerduty.com/v2/enqueue');
	expect(await one!.routingKey!.read()).toBe(env.PD);
});

test.each([
	[
		'an address in the file',
		'name: a\ntype: slack\nurl: https://hooks.slack.example/x',
		'a secret must not be in this file',
	],
	['a key in the file', 'name: a\ntype: pagerduty\nroutingKey: abcdef', 'a secret must not be in this file'],
	['no address', 'name: a\ntype: teams', 'notifications[0].url: is missing. Write url: "${env:TEAMS_URL}"'],
	['no key', 'name: a\ntype: pagerduty', 'notifications[0].routingKey: is missing'],
	['a key for another', 'name: a\ntype: slack\nurl: "${env:HOOK}"\nroutingKey: "${env:PD}"', 'is for pagerduty only'],
	[
		'a rule that is not known',
		'name: a\ntype: slack\nurl: "${env:HOOK}"\nafter: { source_refusd: 5m }',
		'Did you mean "source_refused"?',
	],
	[
		'a rule like none',
		'name: a\ntype: slack\nurl: "${env:HOOK}"\nafter: { zzzzzzzz: 5m }',
		'notifications[0].after.zzzzzzzz: unknown key. Known keys here: fatal, ',
	],
	['a type that is not known', 'name: a\ntype: mail\nurl: "${env:HOOK}"', 'notifications[0].type'],
])('says what is wrong: %s', async (_, text, said) => {
	const { message } = await refused(withOne(text), env);
	expect(message).toContain(said);
	expect(message).not.toContain('canary');
});

test('two of one name', async () => {
	const one = '{ name: a, type: slack, url: "${env:HOOK}" }';
	const { message } = await refused(`${GOOD}notifications: [${one}, ${one}]\n`, env);
	expect(message).toContain('notifications[1].name: "a" is already the name of notifications[0]');
});

test('an address that cannot be read keeps nothing from being shipped: it is a warning', async () => {
	const { notifications, warnings } = await load(withOne('name: a\ntype: slack\nurl: "${env:NOT_SET}"'), env);
	expect(notifications).toHaveLength(1);
	expect(warnings).toEqual([
		expect.stringMatching(/notifications\[0\]\.url: environment variable NOT_SET is not set; nobody is told/) as string,
	]);
});
