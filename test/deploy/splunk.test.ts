/** The Splunk app against the records that really arrive: names, values, what is tagged how, and what alerts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allProviders } from '../../providers/registry';
import { ALERTS, caught } from './support/alerts';
import { allRecords, attributeNames, CATEGORIES, eventRecords, valuesOf, type ShippedRecord } from './support/records';
import { terms } from './support/search';
import {
	aliases,
	APP,
	conf,
	ENVELOPE,
	evals,
	eventtypes,
	fits,
	indexed,
	props,
	searches,
	searchTime,
	seen,
	splitSearch,
} from './support/splunkApp';
import { parseConf } from './support/splunkConf';

test('every file is one that is read here, and holds only settings that Splunk knows', () => {
	const known: Record<string, RegExp> = {
		'app.conf': /^(is_visible|label|author|description|version|id|name|check_for_updates)$/,
		'eventtypes.conf': /^search$/,
		'fields.conf': /^INDEXED$/,
		'macros.conf': /^definition$/,
		'props.conf': /^(TRUNCATE|SHOULD_LINEMERGE|KV_MODE|AUTO_KV_JSON|FIELDALIAS-\w+|EVAL-\w+)$/,
		'savedsearches.conf':
			/^(description|search|enableSched|cron_schedule|dispatch\.(ear|la)[a-z]*_time|counttype|relation|quantity|alert\.(severity|track|digest_mode|suppress|suppress\.fields|suppress\.period))$/,
		'tags.conf': /^[a-z]+$/,
	};
	expect(readdirSync(join(APP, 'default')).sort()).toEqual(Object.keys(known).sort());
	for (const [name, settings] of Object.entries(known)) {
		for (const [stanza, values] of conf(name)) {
			for (const key of values.keys())
				expect(`${name} [${stanza}] ${key}`).toMatch(new RegExp(`\\] ${settings.source.slice(1)}`));
		}
	}
	const meta = parseConf(readFileSync(join(APP, 'metadata/default.meta'), 'utf8'), 'default.meta');
	expect([...meta.keys()].sort()).toEqual(['', 'eventtypes', 'fields', 'macros', 'props', 'tags']);
});

test('fields.conf names every own attribute that records carry, and no other', () => {
	const own = [...attributeNames].filter((name) => name.startsWith('audit.'));
	expect([...conf('fields.conf').keys()].sort()).toEqual(own.sort());
});

test('every provider has its product', () => {
	const line = readFileSync(join(APP, 'default/props.conf'), 'utf8').match(/^EVAL-vendor_product = (.*)$/m)![1];
	const products = allProviders().map(({ label, title }) => `'service.name'="${label}", "${title}"`);
	expect(line).toBe(`case(${products.join(', ')})`);
});

test('aliases and calculated fields read only fields that events have', () => {
	expect(evals.length).toBeGreaterThan(8);
	const read = [...aliases.map(({ from }) => from), ...evals.flatMap(({ fields }) => fields)];
	expect(read.filter((field) => !indexed.has(field))).toEqual([]);
	for (const { fields, field } of evals)
		expect([field, fields.filter((one) => searchTime.has(one))]).toEqual([field, []]);
	for (const name of searchTime) expect(name).toMatch(/^[a-z_]+$/);
});

test('every alias and every calculated field has a value for some record', () => {
	const all = allRecords.map(seen);
	expect([...searchTime].filter((field) => !all.some((fields) => fields[field] !== undefined))).toEqual([]);
});

test('values that calculated fields compare with are values of records', () => {
	// what is compared with the products is held against the providers
	const others = [...props].filter(([name]) => name !== 'EVAL-vendor_product');
	const compared = others.flatMap(([, text]) => [...text.matchAll(/'([^']+)'="([^"]*)"/g)]);
	expect(compared.length).toBeGreaterThan(10);
	for (const [, field, value] of compared)
		expect([field, [...valuesOf(field!)].includes(value)]).toEqual([field, true]);
});

describe('the CIM', () => {
	const tagsOf = (record: ShippedRecord) =>
		[...conf('tags.conf')]
			.filter(([stanza]) => fits(eventtypes.get(stanza.replace('eventtype=', ''))!)(record))
			.flatMap(([, tags]) => [...tags.keys()]);

	test('tags belong to event types that exist, and each event type finds a record', () => {
		for (const stanza of conf('tags.conf').keys())
			expect([...eventtypes.keys()].map((name) => `eventtype=${name}`)).toContain(stanza);
		for (const [name, search] of eventtypes) expect([name, allRecords.some(fits(search))]).toEqual([name, true]);
	});

	test('a record is a change, a sign-in, or neither; and only values that the model prescribes', () => {
		const actions = {
			created: 0,
			deleted: 0,
			modified: 0,
			acl_modified: 0,
			started: 0,
			stopped: 0,
			read: 0,
			success: 0,
			failure: 0,
		};
		for (const record of eventRecords) {
			const tags = tagsOf(record);
			const { action, status, app, user } = seen(record) as Record<string, string | undefined>;
			if (tags.includes('authentication')) expect(['success', 'failure']).toContain(action);
			else if (tags.includes('change'))
				expect(['created', 'deleted', 'modified', 'acl_modified', 'started', 'stopped', 'read']).toContain(action);
			else expect(['read', 'other']).toContain(record.attributes['audit.category']);
			expect(tags.includes('authentication') && tags.includes('change')).toBe(false);
			expect([undefined, 'success', 'failure']).toContain(status);
			expect(app).toBe(record.resource['service.name']);
			if (record.attributes['audit.actor.id'] !== undefined) expect(user).toBeDefined();
			if (action !== undefined) actions[action as keyof typeof actions]++;
		}
		for (const [action, count] of Object.entries(actions)) expect([action, count > 0]).toEqual([action, true]);
	});

	test.each([
		['arcus.user.login', { action: 'failure', app: 'arcus', tags: ['authentication'] }],
		[
			'arcus.user.role_changed',
			{
				action: 'acl_modified',
				change_type: 'AAA',
				object_category: 'user',
				tags: ['change', 'audit', 'change', 'account'],
			},
		],
		[
			'arcus.api_key.created',
			{ action: 'created', status: 'success', object_category: 'api_key', tags: ['change', 'audit'] },
		],
		[
			'arpio.deleteapplication',
			{ action: 'deleted', status: 'failure', vendor_product: 'Arpio', severity: 'high', tags: ['change'] },
		],
		['auditapi.dr.failover.started', { action: 'started', status: undefined, severity: 'critical', tags: ['change'] }],
		['arpio.getauditevents', { action: 'read', tags: [] }],
	])('%s', (name, expected) => {
		const record = eventRecords.find(({ eventName }) => eventName === name)!;
		expect({ ...seen(record), tags: tagsOf(record) }).toMatchObject(expected);
	});

	test('of an account change the account is the user, and who did it the source user', () => {
		const { attributes, ...record } = eventRecords.find(({ eventName }) => eventName === 'arcus.user.role_changed')!;
		const { user, user_id: id, src_user: by } = seen({ ...record, attributes });
		expect([user, id]).toEqual([
			attributes['audit.target.name'] ?? attributes['audit.target.id'],
			attributes['audit.target.id'],
		]);
		expect(by).toBe(attributes['user.email'] ?? attributes['user.full_name'] ?? attributes['audit.actor.label']);
	});
});

describe('alerts', () => {
	const named = Object.keys(ALERTS).map(
		(name) => [name, `Audit Relay - ${name[0]!.toUpperCase()}${name.slice(1)}`] as const,
	);

	test('are these five, every five minutes, once a day for each record', () => {
		expect([...searches.keys()]).toEqual(named.map(([, stanza]) => stanza));
		for (const stanza of searches.values()) {
			expect(Object.fromEntries(stanza)).toMatchObject({ enableSched: '1', 'alert.suppress.fields': 'log.record.uid' });
			expect(stanza.get('cron_schedule')).toBe('*/5 * * * *');
			// five minutes of what was indexed
			expect(stanza.get('search')).toContain('`audit_relay_events` `audit_relay_new`');
		}
	});

	test.each(named)('%s: finds what it should, and nothing else', (name, stanza) => {
		const { filter, pipe } = splitSearch(searches.get(stanza)!.get('search')!);
		for (const { field, pattern } of terms(filter)) {
			if (ENVELOPE.includes(field)) continue;
			expect([field, attributeNames.has(field) && [...valuesOf(field)].includes(pattern)]).toEqual([field, true]);
		}
		expect(caught(fits(filter))).toEqual(ALERTS[name]);
		for (const field of pipe
			.replace(/\b(dedup|table)\b|\|/g, '')
			.split(/\s+/)
			.filter(Boolean)) {
			expect([field, indexed.has(field) || searchTime.has(field) || ENVELOPE.includes(field)]).toEqual([field, true]);
		}
	});

	test('event types name only fields and values that exist', () => {
		for (const search of eventtypes.values()) {
			for (const { field, pattern } of terms(search)) {
				if (ENVELOPE.includes(field)) continue;
				expect(attributeNames).toContain(field);
				if (field === 'audit.category') expect(Object.keys(CATEGORIES)).toContain(pattern);
			}
		}
	});
});
