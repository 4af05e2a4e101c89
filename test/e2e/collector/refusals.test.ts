/** What Splunk refuses, as it looks from behind a real Collector that passes results on (deploy/collector/splunk.yaml). */
import { randomBytes } from 'node:crypto';
import { auditApiEvent } from '../../../sandbox/auditapi/events';
import { run } from '../../support/command';
import { scene, type Scene } from '../../support/scene';
import { providerEvents, referenceRecords, withDestination } from '../support/reference';
import { hec, startHec, type Hec } from './hecServer';
import { deployed, otelcol, startCollector, type Collector } from './otelcol';

let here: Scene;
let splunk: Hec;
let collector: Collector;

beforeAll(() => void otelcol(), 1_200_000);
beforeEach(async () => {
	here = await scene();
	splunk = await startHec();
	const env = { SPLUNK_HEC_URL: splunk.url, SPLUNK_HEC_TOKEN: 'token-of-the-test' };
	collector = await startCollector(deployed('splunk.yaml'), env);
	here.configure(withDestination('name: splunk', 'preset: splunk-collector', `endpoint: ${collector.url}`));
});
afterEach(async () => {
	await collector.kill();
	await splunk.close();
	await here.end();
});

const once = (...args: string[]) => run(['run', '--once', ...args], here.options);
async function letters(): Promise<string[]> {
	const { stdout } = await run(['dead-letters', 'list', '--json'], here.options);
	return (JSON.parse(stdout) as { deadLetters: { eventId: string }[] }).deadLetters.map(({ eventId }) => eventId);
}
/** Everything that the other destination got was taken by Splunk too, and nothing twice. */
function expectAllOnce(): void {
	expect([...providerEvents(here.sandbox).keys()].filter((uid) => !splunk.stored.includes(uid))).toEqual([]);
	expect(splunk.stored.sort()).toEqual([...referenceRecords(here.sandbox).keys()].sort());
}

test.each([
	['wrong token', hec.wrongToken, /403/],
	['no token', hec.unauthorized, /401/],
	['wrong path', hec.wrongPath, /404/],
])(
	'%s: the destination halts and says so, keeps everything, and ships it when that is corrected',
	async (_, refusal, says) => {
		splunk.refuse = () => refusal;
		const result = await once('--give-up-after', '20s');
		expect(result.code).toBe(1);
		expect(result.stderr + result.stdout).toMatch(says);
		expect(await letters()).toEqual([]);
		expect(splunk.requests).toBeLessThan(10);

		splunk.refuse = () => undefined;
		expect(await once()).toMatchObject({ code: 0 });
		expectAllOnce();
	},
);

test('one event that Splunk refuses becomes a dead letter, and every other arrives once', async () => {
	const poison = [...providerEvents(here.sandbox).keys()][5]!;
	splunk.refuse = (uids) => (uids.includes(poison) ? hec.badData : undefined);
	expect(await once()).toMatchObject({ code: 0 });
	expect(await letters()).toEqual([poison.replace(/^\w+:/, '')]);
	// besides, Splunk is told of the gap: the other destination has none
	const gap = splunk.stored.filter((uid) => uid.includes(':rejected:'));
	expect(gap).toHaveLength(1);
	const reference = [...referenceRecords(here.sandbox).keys()];
	expect([...splunk.stored, poison].sort()).toEqual([...reference, ...gap].sort());
});

test('Splunk busy for a while: repeated until it takes everything', async () => {
	splunk.refuse = () => (splunk.requests <= 4 ? hec.busy : undefined);
	expect(await once()).toMatchObject({ code: 0 });
	expect(splunk.requests).toBeGreaterThan(4);
	expectAllOnce();
});

test('requests larger than Splunk takes are halved until they fit', async () => {
	splunk.refuse = (uids) => (uids.length > 5 ? hec.tooLarge : undefined);
	expect(await once()).toMatchObject({ code: 0 });
	expect(await letters()).toEqual([]);
	expectAllOnce();
});

test('the largest events that are sent pass, whatever JSON makes of them', async () => {
	const { log } = here.sandbox.auditapi.api;
	const micros = log.all().at(-1)!.micros;
	// the exporter writes < as \u003c, so that 950 kB become 5.7 MB
	const texts = ['<'.repeat(950_000), '\\"\n'.repeat(150_000), randomBytes(700_000).toString('base64')];
	for (const [n, note] of texts.entries()) {
		const at = micros + (n + 1) * 1_000_000;
		log.add(auditApiEvent({ id: `large-${n}`, at, payload: { action: 'login', note } }));
	}
	expect(await once()).toMatchObject({ code: 0 });
	expect(await letters()).toEqual([]);
	expectAllOnce();
});

test('an event that the exporter finds too large becomes a dead letter, and the others are repeated at most once for each half', async () => {
	await collector.kill();
	const env = { SPLUNK_HEC_URL: splunk.url, SPLUNK_HEC_TOKEN: 'token-of-the-test' };
	collector = await startCollector(deployed('splunk.yaml'), env, undefined, [
		'yaml:exporters::splunk_hec::max_event_size: 10000',
	]);
	here.configure(withDestination('name: splunk', 'preset: splunk-collector', `endpoint: ${collector.url}`));
	const { log } = here.sandbox.auditapi.api;
	const [first] = log.all();
	const payload = { action: 'login', note: 'x'.repeat(20_000) };
	log.add(auditApiEvent({ id: 'large', at: first!.micros + 1_000_000, payload }));
	expect(await once()).toMatchObject({ code: 0 });
	expect(await letters()).toEqual(['large']);
	const missing = [...providerEvents(here.sandbox).keys()].filter((uid) => !splunk.stored.includes(uid));
	expect(missing).toEqual(['auditapi:large']);
	const copies = Math.max(...splunk.stored.map((uid) => splunk.stored.filter((other) => other === uid).length));
	expect(copies).toBeLessThanOrEqual(1 + Math.ceil(Math.log2(log.all().length)));
});
