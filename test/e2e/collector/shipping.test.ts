/** Events through a real Collector: to a file as they are, and to Splunk's protocol and back. */
import { join } from 'node:path';
import { run } from '../../support/command';
import { scene, type Scene } from '../../support/scene';
import { scratchFolder } from '../../support/scratch';
import { providerEvents, referenceRecords, uidOf, withDestination } from '../support/reference';
import { until } from '../support/wait';
import { fileRecords, type FileRecord } from './fileRecords';
import { deployed, local, otelcol, startCollector, type Collector } from './otelcol';

const BUILD_MS = 1_200_000;
let here: Scene;
const running: Collector[] = [];

beforeAll(() => void otelcol(), BUILD_MS);
beforeEach(async () => {
	here = await scene();
});
afterEach(async () => {
	await Promise.all(running.splice(0).map((collector) => collector.kill()));
	await here.end();
});

const started = async (...args: Parameters<typeof startCollector>) => {
	const collector = await startCollector(...args);
	running.push(collector);
	return collector;
};

/** Ships everything once, and returns what the file holds by then. */
async function shipped(preset: string[], url: string, file: string): Promise<FileRecord[]> {
	here.configure(withDestination('name: collector', ...preset, `endpoint: ${url}`));
	const result = await run(['run', '--once'], here.options);
	expect(result).toMatchObject({ code: 0 });
	const expected = referenceRecords(here.sandbox).size;
	// the file exporter writes once a second
	await until('the file holds every record', () => fileRecords(file).length >= expected);
	return fileRecords(file);
}

test('forwarder → Collector → file: every record once, and equal in every field', async () => {
	const file = join(scratchFolder(), 'records.json');
	const collector = await started(local('file.yaml'), { FILE: file });
	const records = await shipped([], collector.url, file);

	const reference = referenceRecords(here.sandbox);
	expect(records).toHaveLength(reference.size);
	for (const record of records) {
		const { resource, time, severityNumber, severityText, eventName, body, attributes } = reference.get(uidOf(record))!;
		expect(record).toEqual({ resource, time, severityNumber, severityText, eventName, body, attributes });
	}
	expectBodies(records);
});

test('forwarder → Collector → HEC → file: every event once, its text byte for byte, its attributes as fields', async () => {
	const file = join(scratchFolder(), 'records.json');
	const splunk = await started(local('hec.yaml'), { FILE: file });
	const env = { SPLUNK_HEC_URL: `${splunk.url}/services/collector`, SPLUNK_HEC_TOKEN: 'token-of-the-test' };
	const collector = await started(deployed('splunk.yaml'), env);
	const records = await shipped(['preset: splunk-collector'], collector.url, file);

	const reference = referenceRecords(here.sandbox);
	expect(records).toHaveLength(reference.size);
	for (const record of records) {
		const sent = reference.get(uidOf(record))!;
		expect(record.body).toBe(sent.body);
		// HEC takes seconds with three digits
		expect(Math.abs(Number(record.time - sent.time))).toBeLessThan(1_000_000);
		expect(record.attributes).toMatchObject({
			...sent.attributes,
			'otel.log.severity.number': sent.severityNumber,
			'otel.log.severity.text': sent.severityText,
			'service.name': sent.resource['service.name'],
		});
	}
	expectBodies(records);
	expect(records[0]!.resource).toMatchObject({
		'com.splunk.source': 'audit-relay',
		'com.splunk.sourcetype': 'audit:json',
		'com.splunk.index': 'audit',
	});
});

/** Bodies are the providers' own words, and none is missing. */
function expectBodies(records: readonly FileRecord[]): void {
	const events = providerEvents(here.sandbox);
	expect(events.size).toBeGreaterThan(50);
	const bodies = new Map(records.map((record) => [uidOf(record), record.body]));
	for (const [uid, raw] of events) expect(bodies.get(uid)).toBe(raw);
}
