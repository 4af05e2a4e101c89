/** Two machines of a cluster: are they told the same? */
import { likeness } from '../../../forwarder/config/likeness';
import { loadConfig } from '../../../forwarder/config/load';
import { ENV, GOOD, NOW, writeConfig } from './scratch';

const of = async (text: string, at = NOW, env: Record<string, string> = ENV) =>
	likeness(await loadConfig(await writeConfig(text), env, at));

test('the same file is the same on both, whenever they start and whatever the key is now', async () => {
	const text = `${GOOD}    start: 7d\n`;
	expect(await of(text, NOW + 3_600_000, { KEY: 'canary-key-2' })).toBe(await of(text));
});

test.each([
	['what is blacked out', (text: string) => `${text}    redact: [ip]\n`],
	['how often it is polled', (text: string) => `${text}    pollInterval: 5m\n`],
	['where the key is from', (text: string) => text.replace('env:KEY', 'env:OTHER')],
	['when it begins', (text: string) => `${text}    start: 2026-01-01\n`],
	[
		'a header of a destination',
		(text: string) => text.replace(':4318', ':4318\n    headers: { x-team: "${env:KEY}" }'),
	],
	['how old an event may be', (text: string) => text.replace(':4318', ':4318\n    maxEventAge: 7d')],
])('not alike: %s', async (_, change) => {
	expect(await of(change(GOOD), NOW, { ...ENV, OTHER: 'x' })).not.toBe(await of(GOOD));
});
