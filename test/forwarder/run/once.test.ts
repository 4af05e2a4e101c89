/** The real command against the sandbox, and what an independent decoder saw at the receiver. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Finished } from '../../support/command';
import { decodeRequest, type OtlpRecord } from '../../support/otlp';
import { scene, type Scene } from '../../support/scene';
import { arcusMapping, arpioMapping, auditapiMapping, valueOf, type Mapping } from './mappingTable';

jest.setTimeout(60_000);

let here: Scene;
let finished: Finished;
let records: OtlpRecord[];

beforeAll(async () => {
	here = await scene();
	finished = await run(['run', '--once'], here.options);
	records = received();
});
afterAll(() => here.end());

function received(): OtlpRecord[] {
	return here.sandbox.receiver!.requests.flatMap(({ body }) => decodeRequest(body));
}

const uid = ({ attributes }: OtlpRecord) => String(attributes['log.record.uid']);
const ofSource = (label: string) => records.filter((record) => uid(record).startsWith(`${label}:`));

test('ends with 0 and a table of what was shipped', () => {
	expect(finished).toMatchObject({ code: 0 });
	expect(finished.stdout).toMatch(/^dr +ok, \d+s ago +10m ago +18 +0 +0 +0 +-$/m);
	expect(finished.stdout).toMatch(/^siem +ok +54 +0 +- +0$/m);
});

describe.each([
	{ mapping: arpioMapping, files: ['arpio-audit-events', 'arpio-audit-events-last-page'], list: 'events', count: 17 },
	{
		mapping: arcusMapping,
		files: ['arcus-audit-log-entries', 'arcus-audit-log-entries-page2'],
		list: 'data',
		count: 17,
	},
	{ mapping: auditapiMapping, files: ['auditapi-events', 'auditapi-events-page2'], list: 'data', count: 17 },
])('$mapping.label', ({ mapping, files, list, count }) => {
	const texts = files.map((file) => readFileSync(join('sandbox/fixtures', `${file}.json`), 'utf8'));
	const events = texts.flatMap((text) => (JSON.parse(text) as Record<string, unknown[]>)[list]!);
	const byId = new Map(events.map((event) => [String(valueOf(mapping.id, event)), event]));

	test('every event of the fixtures arrives exactly once', () => {
		expect(byId.size).toBe(count);
		expect(ofSource(mapping.label).map(uid).sort()).toEqual(
			[...byId.keys()].map((id) => `${mapping.label}:${id}`).sort(),
		);
	});

	test.each([...byId])('%s: time, name, severity and every attribute are those of the mapping table', (id, event) => {
		const record = records.find((one) => uid(one) === `${mapping.label}:${id}`)!;
		expect(record.time).toBe(nanos(String(valueOf(mapping.time, event))));
		const action = valueOf(mapping.action, event) as string | undefined;
		expect(record.eventName).toBe(`${mapping.label}.${action?.toLowerCase() ?? 'event'}`);
		expect(record.attributes).toEqual(expectedAttributes(mapping, event, record));
		expect(record.severityText).toBe(
			['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'][Math.ceil(record.severityNumber / 4) - 1],
		);
		expect(record.severityNumber).toBeGreaterThanOrEqual(
			{ page: 17, notify: 13, none: 1 }[String(record.attributes['audit.alert'])]!,
		);
		expect(record.resource).toMatchObject({
			'service.name': mapping.label,
			'service.namespace': 'audit',
			'telemetry.distro.name': 'audit-relay',
		});
		expect(record.scope.name).toBe('audit-forwarder');
		expect(record.droppedAttributesCount).toBe(0);
	});

	test('bodies are the text as received, byte for byte', () => {
		const api =
			mapping.label === 'arpio'
				? here.sandbox.arpio
				: mapping.label === 'arcus'
					? here.sandbox.arcus
					: here.sandbox.auditapi;
		const sent = new Map(api.api.log.all().map(({ id, raw }) => [`${mapping.label}:${id}`, raw]));
		for (const record of ofSource(mapping.label)) {
			expect(sent.get(uid(record))).toBeDefined();
			if (mapping.label === 'arcus') expect(JSON.parse(String(record.body))).toEqual(byId.get(uid(record).slice(6)));
			else expect(record.body).toBe(sent.get(uid(record)));
		}
	});
});

test('an integer beyond 2^53 arrives with all its digits', () => {
	expect(records.filter(({ body }) => String(body).includes('9007199254740993'))).toHaveLength(1);
});

test('a second pass finds nothing new and ships nothing twice', async () => {
	const before = here.sandbox.receiver!.requests.length;
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	expect(here.sandbox.receiver!.requests.slice(before).flatMap(({ body }) => decodeRequest(body))).toEqual([]);
});

test('where each stream begins is said in a gap record', () => {
	const gaps = records.filter(({ attributes }) => attributes['audit.category'] === 'gap');
	expect(gaps.map(({ attributes }) => attributes['audit.gap.reason'])).toEqual(Array(3).fill('collection_start'));
});

/** Classification has tests of its own; here only that it is there. */
function expectedAttributes(mapping: Mapping, event: unknown, record: OtlpRecord): Record<string, unknown> {
	const sources = { 'audit.action': mapping.action, ...mapping.attributes };
	const mapped = Object.entries(sources).map(([name, from]) => [name, valueOf(from, event) as unknown] as const);
	const present = mapped.filter(([, value]) => value !== undefined && value !== null && value !== '');
	return {
		// ids are text, whatever the provider sends
		...Object.fromEntries(present.map(([name, value]) => [name, name.endsWith('.id') ? `${value as string}` : value])),
		'log.record.uid': `${mapping.label}:${valueOf(mapping.id, event)}`,
		'audit.source': mapping.label,
		'audit.category': expect.stringMatching(
			/^(failover|failback|dr_test|quarantine|access|config|data|read|other)$/,
		) as unknown,
		'audit.alert': record.attributes['audit.alert'] ?? 'missing',
	};
}

function nanos(iso: string): bigint {
	const [, whole, fraction = '', zone] = /^([^.+Z]+?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(iso)!;
	return BigInt(Date.parse(whole! + zone!)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

test.each([['status'], ['state', 'show'], ['state', 'export'], ['dead-letters', 'list']])(
	'%j needs no keys: whoever looks after the process may have none',
	async (...command) => {
		const { code, stdout, stderr } = await run(command.filter(Boolean), { cwd: here.folder });
		expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
		expect(stdout).not.toBe('');
	},
);
