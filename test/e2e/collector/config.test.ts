/** Every configuration that users get is accepted by a real Collector, with its defaults and with what it asks for. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../support/scratch';
import { deployed, otelcol, validate } from './otelcol';

const needed = {
	SPLUNK_HEC_URL: 'https://splunk.example.com:8088/services/collector',
	SPLUNK_HEC_TOKEN: 'token',
	DD_API_KEY: 'key',
	QUEUE_DIRECTORY: scratchFolder(),
};

beforeAll(() => void otelcol(), 1_200_000);

test.each(readdirSync(deployed('.')).filter((file) => file.endsWith('.yaml')))('%s is valid', (file) => {
	validate([deployed(file)], needed);
});

test('without its token a Splunk configuration is refused', () => {
	expect(() => validate([deployed('splunk.yaml')], { SPLUNK_HEC_URL: needed.SPLUNK_HEC_URL })).toThrow(/token/);
});

test('the answer of the result and a storage exclude each other', () => {
	const both = join(scratchFolder(), 'both.yaml');
	writeFileSync(both, 'exporters: { splunk_hec: { sending_queue: { wait_for_result: true } } }\n');
	expect(() => validate([deployed('splunk-buffered.yaml'), both], needed)).toThrow(/wait_for_result/);
});
