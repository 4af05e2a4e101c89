/** Datadog's documented intake, reached directly and through a real Collector. */
import { run } from '../../support/command';
import { scene, type Scene } from '../../support/scene';
import { providerEvents, referenceRecords, uidOf, withDestination } from '../support/reference';
import { startDatadogIntake, type DatadogIntake } from './datadogIntake';
import { deployed, otelcol, startCollector, type Collector } from './otelcol';

const KEY = 'key-of-the-test';
let here: Scene;
let datadog: DatadogIntake;
let collector: Collector | undefined;

beforeAll(() => void otelcol(), 1_200_000);
beforeEach(async () => {
	// the newest fixture event is an hour old: some of the others are older than Datadog takes
	here = await scene({ newestAt: Date.now() - 3_600_000 });
	here.options.env['DD_API_KEY'] = KEY;
	datadog = await startDatadogIntake(KEY);
});
afterEach(async () => {
	await collector?.kill();
	collector = undefined;
	await datadog.close();
	await here.end();
});

async function ship(endpoint: string): Promise<void> {
	here.configure(withDestination('name: datadog', 'preset: datadog', `endpoint: ${endpoint}`));
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
}

/** Everything young enough is stored once and whole, everything older is a dead letter, and the intake lost nothing. */
async function expectComplete(): Promise<void> {
	const oldest = BigInt(Date.now() - 18 * 3_600_000) * 1_000_000n;
	const reference = referenceRecords(here.sandbox);
	const events = providerEvents(here.sandbox);
	const uids = [...events.keys()];
	const young = uids.filter((uid) => reference.get(uid)!.time > oldest);
	const stored = datadog.stored.filter((record) => events.has(uidOf(record)));
	expect(stored.map(uidOf).sort()).toEqual(young.sort());
	expect(datadog.lost).toEqual({ tooOld: [], cutOff: [], toRum: [] });

	for (const record of stored) {
		const { resource, time, severityNumber, severityText, eventName, body, attributes } = reference.get(uidOf(record))!;
		const { 'session.id': session, ...others } = attributes;
		const renamed = session === undefined ? others : { ...others, 'audit.session.id': session };
		expect(record).toMatchObject({ resource, time, severityNumber, severityText, eventName, body });
		expect(record.attributes).toEqual(renamed);
		expect(record.body).toBe(events.get(uidOf(record)));
	}

	const { stdout } = await run(['dead-letters', 'list', '--json', '--limit', '999'], here.options);
	const letters = (JSON.parse(stdout) as { deadLetters: { eventId: string; reason: string }[] }).deadLetters;
	expect(new Set(letters.map(({ reason }) => reason))).toEqual(new Set(['too_old']));
	const old = uids.filter((uid) => !young.includes(uid)).map((uid) => uid.replace(/^\w+:/, ''));
	expect(
		letters
			.map(({ eventId }) => eventId)
			.filter((id) => old.includes(id))
			.sort(),
	).toEqual(old.sort());
	expect(young.length).toBeGreaterThan(3);
	expect(old.length).toBeGreaterThan(3);
}

test('forwarder → Datadog', async () => {
	await ship(datadog.url);
	await expectComplete();
});

test('forwarder → Collector → Datadog', async () => {
	collector = await startCollector(deployed('datadog.yaml'), {
		DD_API_KEY: KEY,
		DATADOG_OTLP_LOGS: `${datadog.url}/v1/logs`,
	});
	await ship(collector.url);
	await expectComplete();
});

test('forwarder → Collector → Datadog that fails at first: repeated, and complete', async () => {
	datadog.fail = (request) => [503, 429, 502][request - 1];
	collector = await startCollector(deployed('datadog.yaml'), {
		DD_API_KEY: KEY,
		DATADOG_OTLP_LOGS: `${datadog.url}/v1/logs`,
	});
	await ship(collector.url);
	expect(datadog.refused).toEqual([503, 429, 502]);
	await expectComplete();
});

test('a wrong key in the Collector halts the destination, and nothing becomes a dead letter for it', async () => {
	collector = await startCollector(deployed('datadog.yaml'), {
		DD_API_KEY: 'wrong',
		DATADOG_OTLP_LOGS: `${datadog.url}/v1/logs`,
	});
	here.configure(withDestination('name: datadog', 'preset: datadog', `endpoint: ${collector.url}`));
	const result = await run(['run', '--once'], here.options);
	expect(result.code).toBe(1);
	expect(result.stdout + result.stderr).toMatch(/403/);
	expect(datadog.stored).toEqual([]);
	await collector.kill();
	collector = undefined;

	await ship(datadog.url);
	await expectComplete();
});
