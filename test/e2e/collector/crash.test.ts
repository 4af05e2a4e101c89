/** The Collector dies without warning, and comes back. */
import { run, start } from '../../support/command';
import { scene, type Scene } from '../../support/scene';
import { scratchFolder } from '../../support/scratch';
import { providerEvents, referenceRecords, withDestination } from '../support/reference';
import { until } from '../support/wait';
import { hec, startHec, type Hec } from './hecServer';
import { deployed, otelcol, startCollector, type Collector } from './otelcol';

let here: Scene;
let splunk: Hec;
let collector: Collector;

beforeAll(() => void otelcol(), 1_200_000);
beforeEach(async () => {
	here = await scene({ live: { eventsPerSecond: 40 } });
	splunk = await startHec();
});
afterEach(async () => {
	await collector.kill();
	await splunk.close();
	await here.end();
});

async function collect(file: string): Promise<void> {
	const env = { SPLUNK_HEC_URL: splunk.url, SPLUNK_HEC_TOKEN: 'token-of-the-test', QUEUE_DIRECTORY: scratchFolder() };
	collector = await startCollector(deployed(file), env);
	here.configure(withDestination('name: splunk', 'preset: splunk-collector', `endpoint: ${collector.url}`));
}

const missing = (uids: Iterable<string>) => {
	const stored = new Set(splunk.stored);
	return [...uids].filter((uid) => !stored.has(uid));
};

test('killed in the middle of requests, before and after Splunk took them: nothing lost, repeats only of what was on the way', async () => {
	await collect('splunk.yaml');
	const daemon = start(['run'], here.options);
	try {
		let onTheWay = 0;
		const sizes: number[] = [];
		for (const taken of [true, false, true]) {
			let died: Promise<void> | undefined;
			const before = splunk.requests;
			splunk.refuse = (uids) => {
				sizes.push(uids.length);
				// let some through first, so that it dies in the middle of a run
				if (splunk.requests < before + 3) return undefined;
				// four requests are sent at the same time; an answer may have come as far as the Collector and died with it
				onTheWay += died ? uids.length : sizes.slice(-4).reduce((sum, size) => sum + size, 0);
				died ??= collector.kill();
				return taken ? undefined : hec.busy;
			};
			await until('the Collector dies at work', () => died !== undefined, 60_000);
			await died;
			splunk.refuse = (uids) => void sizes.push(uids.length);
			collector = await collector.again();
		}
		const happened = [...providerEvents(here.sandbox).keys()];
		await until('everything that has happened arrives', () => missing(happened).length === 0, 90_000);
		expect(happened.length).toBeGreaterThan(100);
		const repeats = splunk.stored.length - new Set(splunk.stored).size;
		expect(repeats).toBeGreaterThan(0);
		expect(repeats).toBeLessThanOrEqual(onTheWay);
	} finally {
		daemon.process.kill('SIGTERM');
	}
	expect(await daemon.finished).toMatchObject({ code: 0 });
});

describe('with a buffer on its disk', () => {
	test('answers for what Splunk has not taken, is killed, and delivers all of it after its return', async () => {
		splunk.refuse = () => hec.busy;
		await collect('splunk-buffered.yaml');
		expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
		expect(splunk.stored).toEqual([]);
		await collector.kill();

		splunk.refuse = () => undefined;
		collector = await collector.again();
		const sent = [...referenceRecords(here.sandbox).keys()];
		await until('all of it arrives', () => missing(sent).length === 0, 60_000, collector.output);
		expect(sent.length).toBeGreaterThan(50);
		expect(splunk.stored.sort()).toEqual(sent.sort());
	});

	test('drops what Splunk refuses for good, after the forwarder was told that all is well', async () => {
		splunk.refuse = () => hec.wrongToken;
		await collect('splunk-buffered.yaml');
		expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
		await until('it says that it drops', () => collector.output().includes('Dropping data'), 30_000, collector.output);
		expect(splunk.stored).toEqual([]);
	});
});
