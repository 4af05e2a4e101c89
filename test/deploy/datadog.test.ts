/** Datadog's pipeline and monitors, as its API takes them, against the records that really arrive. */
import { readFileSync } from 'node:fs';
import { ALERTS, caught } from './support/alerts';
import {
	attributeNames,
	CATEGORIES,
	eventRecords,
	resourceNames,
	valuesOf,
	type Fields,
	type ShippedRecord,
} from './support/records';
import { matches, parseDatadog, terms } from './support/search';

const json = (name: string): unknown => JSON.parse(readFileSync(`deploy/datadog/${name}`, 'utf8'));

interface Processor {
	type: string;
	sources: string[];
	target?: string;
}
interface Monitor {
	name: string;
	query: string;
	message: string;
	options: { thresholds: { critical: number } };
}

const pipeline = json('pipeline.json') as { filter: { query: string }; processors: Processor[] };
const monitors = json('monitors.json') as Monitor[];

/** What Datadog adds to every log that comes as OTLP. */
const LEVEL = 'otel.severity_text';
const remappers = pipeline.processors.flatMap(({ type, sources, target }) =>
	type === 'attribute-remapper' ? [{ sources, target: target! }] : [],
);
const targets = new Set(remappers.map(({ target }) => target));

function seen({ attributes, resource, severityText }: ShippedRecord): Fields {
	const log: Fields = {
		...resource,
		...attributes,
		[LEVEL]: severityText,
		service: resource['service.name'],
	};
	for (const { sources, target } of remappers) {
		const source = sources.find((one) => log[one] !== undefined);
		if (source !== undefined) log[target] = log[source];
	}
	return log;
}

const fits = (query: string) => {
	const search = parseDatadog(query);
	return (record: ShippedRecord) => matches(search, (field) => seen(record)[field]);
};

/** Whether Datadog's own client knows every key and value is a matter of `npm run test:e2e -- deploy`. */
test('the files hold what is read here, and nothing else', () => {
	const keys = (value: object) => Object.keys(value).sort().join(' ');
	expect(keys(pipeline)).toBe('description filter is_enabled name processors');
	for (const { type, ...rest } of pipeline.processors) {
		expect(keys(rest).replace('target_format ', '')).toBe(
			{
				'attribute-remapper':
					'is_enabled name override_on_conflict preserve_source source_type sources target target_type',
				'status-remapper': 'is_enabled name sources',
			}[type],
		);
	}
	for (const monitor of monitors) expect(keys(monitor)).toBe('message name options priority query tags type');
});

describe('the pipeline', () => {
	test('takes every record, and reads only attributes that records carry', () => {
		for (const { field } of terms(parseDatadog(pipeline.filter.query))) expect(attributeNames).toContain(field);
		expect(eventRecords.filter(fits(pipeline.filter.query))).toHaveLength(eventRecords.length);
		const sources = pipeline.processors.flatMap((one) => one.sources);
		expect(sources.filter((name) => !attributeNames.has(name) && !resourceNames.has(name) && name !== LEVEL)).toEqual(
			[],
		);
	});

	test('writes every standard attribute once, and all of them for some record', () => {
		expect(remappers).toHaveLength(targets.size);
		const logs = eventRecords.map(seen);
		expect([...targets].filter((target) => !logs.some((log) => log[target] !== undefined))).toEqual([]);
		expect([...targets].filter((target) => attributeNames.has(target))).toEqual([]);
	});

	test('who, what, from where and the outcome are under the standard names', () => {
		const { attributes, ...record } = eventRecords.find(({ eventName }) => eventName === 'arcus.export.denied')!;
		for (const name of ['user.id', 'user.email', 'client.address'])
			expect(attributes[name]).toEqual(expect.any(String));
		expect(seen({ ...record, attributes })).toMatchObject({
			service: 'arcus',
			'evt.name': 'export.denied',
			'evt.outcome': 'denied',
			'usr.id': attributes['user.id'],
			'usr.email': attributes['user.email'],
			'network.client.ip': attributes['client.address'],
		});
	});

	test('never takes the provider’s own word for the status: "security" would be OK', () => {
		expect(pipeline.processors[0]).toMatchObject({ type: 'status-remapper', sources: [LEVEL] });
		for (const { severityText } of eventRecords) expect(severityText).toMatch(/^(INFO|WARN|ERROR|FATAL)$/);
	});
});

describe('monitors', () => {
	const parts = (query: string) => {
		const [, search, by] =
			/^logs\("([^"]+)"\)\.index\("\*"\)\.rollup\("count"\)\.by\("([^"]+)"\)\.last\("1h"\) > 0$/.exec(query) ?? [];
		return { search: search!, by: by!.split(',') };
	};

	test('are the five alerts', () => {
		expect(monitors.map(({ name }) => name)).toEqual(Object.keys(ALERTS).map((name) => `Audit Relay: ${name}`));
	});

	test.each(monitors.map((monitor) => [monitor.name, monitor] as const))(
		'%s: finds what it should, and nothing else',
		(name, { query, message, options }) => {
			const { search, by } = parts(query);
			for (const { field, pattern } of terms(parseDatadog(search))) {
				const known = field === 'audit.category' ? Object.keys(CATEGORIES) : [...valuesOf(field)];
				expect([field, pattern, known.includes(pattern)]).toEqual([field, pattern, true]);
			}
			expect(caught(fits(search))).toEqual(ALERTS[name.replace('Audit Relay: ', '')]);
			// groups are standard facets, and the message names only them
			const groups = by.map((one) => one.replace('@', ''));
			for (const group of groups) expect(group === 'service' || targets.has(group)).toBe(true);
			for (const [, variable] of message.matchAll(/\{\{@?([\w.]+)\.name\}\}/g)) expect(groups).toContain(variable);
			expect(options.thresholds.critical).toBe(0);
		},
	);
});
