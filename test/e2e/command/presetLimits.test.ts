/** What really goes out with each preset: the command, a provider full of events, and a receiver that measures. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { addDeadLetters } from '../../../forwarder/cli/deadLetters/deadLetters';
import { addRun } from '../../../forwarder/cli/run/run';
import { arpio, arpioEvent, KEY, listen } from '../../forwarder/cli/fakeProvider';
import { runCli } from '../../forwarder/cli/runCli';
import { decodeRequest } from '../../support/otlp';
import { scratchFolder } from '../../support/scratch';

const HOUR_MIN = 60;

/** Small events of the last minutes, and one of each age and of each size. */
const AGES_H = [4, 6, 17, 19, 23, 25, 47, 49, 167, 169];
const SIZES = [100_000, 140_000, 240_000, 270_000, 980_000, 1_020_000];
const EVENTS = [
	...Array.from({ length: 600 }, (_, index) => arpioEvent(`small-${index}`, 5 + index / 600)),
	...SIZES.map((bytes) => arpioEvent(`size-${bytes}`, 4, { requestInfo: { text: 'x'.repeat(bytes) } })),
	...AGES_H.map((hours) => arpioEvent(`age-${hours}h`, hours * HOUR_MIN)),
];

const ENV = {
	KEY,
	DD_API_KEY: 'key-key',
	ELASTIC_API_KEY: 'key-key',
	NEW_RELIC_LICENSE_KEY: 'key-key',
	HONEYCOMB_API_KEY: 'key-key',
	DT_API_TOKEN: 'key-key',
	GRAFANA_CLOUD_OTLP_AUTH: '1:key-key',
	SIGNOZ_INGESTION_KEY: 'key-key',
	OPENOBSERVE_AUTH: 'a@b:key-key',
};

test.each([
	['datadog', 18, 1_000_000],
	['splunk-collector', Infinity, 1_000_000],
	['splunk-otlp-addon', Infinity, Infinity],
	['elastic', Infinity, Infinity],
	['loki', 168, 256_000],
	['newrelic', 48, 128_000],
	['honeycomb', Infinity, Infinity],
	['dynatrace', 24, 10_000_000],
	['grafana-cloud', 168, 256_000],
	['signoz', Infinity, Infinity],
	['openobserve', 5, Infinity],
])('%s: events up to %d hours and %d bytes arrive, the others are dead letters', async (preset, hours, bytes) => {
	const provider = await listen(arpio(EVENTS));
	const got: string[] = [];
	const requests: { records: number; bytes: number }[] = [];
	const receiver = await listen((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			const body = gunzipSync(Buffer.concat(parts));
			const records = decodeRequest(body);
			const ids = records.map(({ attributes }) => String(attributes['log.record.uid']).replace('arpio:', ''));
			got.push(...ids.filter((id) => !id.includes('gap')));
			requests.push({ records: records.length, bytes: body.length });
			response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
		});
	});
	const folder = scratchFolder();
	const path = join(folder, 'relay.yaml');
	await writeFile(
		path,
		[
			'server: { enabled: false }',
			'destinations:',
			`  - { name: siem, preset: ${preset}, endpoint: "${receiver.url}" }`,
			'sources:',
			`  - { name: dr, provider: arpio, baseUrl: "${provider.url}", accountId: acc, apiKey: "\${env:KEY}", start: 30d }`,
		].join('\n'),
	);
	const ran = await runCli(['run', '--once', '-c', path], { env: ENV, cwd: folder }, [addRun]);
	const letters = await runCli(['dead-letters', 'list', '--json', '-c', path], { env: ENV }, [addDeadLetters]);
	await Promise.all([provider.close(), receiver.close()]);
	expect(ran.code).toBe(0);

	const tooOld = AGES_H.filter((age) => age > hours).map((age) => `age-${age}h`);
	const tooLarge = SIZES.filter((size) => size > bytes).map((size) => `size-${size}`);
	const ids = EVENTS.map((event) => (event as { eventId: string }).eventId);
	const refused = [...tooOld, ...tooLarge];
	expect(got.sort()).toEqual(ids.filter((id) => !refused.includes(id)).sort());
	for (const id of refused) expect(letters.out).toContain(`"${id}"`);
	expect(requests.length).toBeGreaterThan(1);
	for (const request of requests) {
		expect(request.records).toBeLessThanOrEqual(512);
		// a record above the limit of a request goes alone
		if (request.records > 1) expect(request.bytes).toBeLessThanOrEqual(900_000);
	}
});
