import { recordOf } from '../../../core/record/attributes';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { auditApi } from '../../../providers/auditapi/provider';
import type { JsonObject, SourceEvent } from '../../../core/contract';
import { elementsOf } from '../../support/answer';
import { parseInstant } from '../../../core/time';
import expected from './records.json';

function eventOf(raw: string): SourceEvent {
	const json = JSON.parse(raw) as JsonObject;
	return { id: String(json.id), time: parseInstant(json.timestamp) ?? 0n, raw, json };
}

const stored = (payload: unknown) => recordOf(auditApi, eventOf(JSON.stringify({ id: 'e1', payload })));

const texts = ['auditapi-events.json', 'auditapi-events-page2.json'].flatMap((name) =>
	elementsOf(readFileSync(join(__dirname, '../../../sandbox/fixtures', name), 'utf8'), 'data'),
);

describe('fixture events', () => {
	it('are the 17 that are expected', () => {
		expect(texts).toHaveLength(17);
		expect(expected).toHaveLength(17);
	});

	it.each(texts.map((raw, index) => [expected[index]!.eventName, raw, expected[index]!] as const))(
		'%s maps field by field',
		(_name, raw, record) => {
			expect(recordOf(auditApi, eventOf(raw))).toEqual({ ...record, body: raw });
		},
	);

	it('keep integers beyond 2^53 in the body', () => {
		const raw = texts.find((text) => text.includes('invoice.paid'))!;
		expect(recordOf(auditApi, eventOf(raw)).body).toContain('"invoice_id": 9007199254740993,');
	});
});

describe('name', () => {
	it.each([
		[{ action: 'a.b', event: 'c' }, 'a.b'],
		[{ action: '', event: 'c' }, 'c'],
		[{ action: 7, event_type: 'c' }, 'c'],
		[{ type: 'c', name: 'd' }, 'c'],
		[{ name: 'd' }, 'd'],
	])('of %j is %s', (payload, name) => {
		const { eventName, attributes } = stored(payload);
		expect([eventName, attributes['audit.action']]).toEqual([`auditapi.${name}`, name]);
	});

	it.each(['Somebody logged in', 'Login', '.x', `a${'b'.repeat(101)}`])(
		'%j is not an event name, but stays the action',
		(action) => {
			const { eventName, attributes } = stored({ action });
			expect([eventName, attributes['audit.action']]).toEqual(['auditapi.event', action]);
		},
	);
});

describe('severity', () => {
	it.each([
		[{ severity: 'debug' }, 5],
		[{ level: 'INFO' }, 9],
		[{ severity: 'notice' }, 10],
		[{ log_level: 'warn' }, 13],
		[{ severity: 'warning' }, 13],
		[{ severity: 'security' }, 14],
		[{ severity: 'error' }, 17],
		[{ severity: 'critical' }, 21],
		[{ severity: 'fatal' }, 21],
		[{ severity: 'sev2' }, 9],
		[{ severity: 3 }, 9],
		[{ outcome: 'failure' }, 13],
		[{ severity: 'info', result: 'denied' }, 13],
		[{ action: 'dr.failback.started' }, 17],
		[{ action: 'dr.drill.started', severity: 'info' }, 13],
	])('of %j is %i', (payload, number) => {
		expect(stored(payload).severityNumber).toBe(number);
	});

	it('keeps the word of the writer', () => {
		expect(stored({ severity: 'sev2' }).attributes['audit.severity']).toBe('sev2');
		expect(stored({}).attributes).not.toHaveProperty(['audit.severity']);
	});
});

describe('outcome', () => {
	it.each([
		[{ outcome: 'partial' }, 'partial'],
		[{ result: 'denied' }, 'denied'],
		[{ status: 'failed' }, 'failed'],
		[{ status: 'paid' }, 'unknown'],
		[{ success: false }, 'failure'],
		[{ success: true }, 'success'],
		[{ success: 'yes' }, 'unknown'],
		[{}, 'unknown'],
	])('of %j is %s', (payload, outcome) => {
		expect(stored(payload).attributes['audit.outcome']).toBe(outcome);
	});
});

describe('actor, tenant and client', () => {
	const attributesOf = (payload: string) => recordOf(auditApi, eventOf(`{"id":"e1","payload":${payload}}`)).attributes;

	it.each([
		['{"actor":{"id":"a"},"user_id":"b"}', 'a'],
		['{"actor":"a","user_id":"b"}', 'a'],
		['{"actor":{"name":"x"},"user_id":5678}', '5678'],
		['{"user":{"id":9007199254740993}}', '9007199254740993'],
		['{"user_id":9007199254740993}', '9007199254740993'],
		['{"user_id":null}', undefined],
	])('of %s is %s', (payload, id) => {
		expect(attributesOf(payload)['audit.actor.id']).toBe(id);
		expect(attributesOf(payload)['user.id']).toBe(id);
	});

	it('is not a user when the actor says it is something else', () => {
		const attributes = attributesOf('{"actor":{"type":"service","id":"s1"}}');
		expect(attributes['audit.actor.id']).toBe('s1');
		expect(attributes).not.toHaveProperty(['user.id']);
	});

	it('are text, whatever they were', () => {
		const attributes = attributesOf('{"account_id":12345678901234567890,"ip_address":"203.0.113.9"}');
		expect(attributes).toMatchObject({
			'audit.tenant.id': '12345678901234567890',
			'client.address': '203.0.113.9',
		});
	});
});

describe('classification', () => {
	const classified = (payload: JsonObject) => {
		const { attributes } = stored(payload);
		return [attributes['audit.category'], attributes['audit.alert']];
	};

	it.each([
		['dr.failover.started', 'failover', 'page'],
		['startFailover', 'failover', 'page'],
		['site:disaster', 'failover', 'page'],
		['recovery-launched', 'failover', 'page'],
		['recovery_point.created', 'other', 'none'],
		['password.recovery', 'access', 'none'],
		['failback', 'failback', 'page'],
		['dr-test.started', 'dr_test', 'notify'],
		['latest.dr', 'other', 'none'],
		['sandbox.opened', 'dr_test', 'notify'],
		['malware.found', 'quarantine', 'notify'],
		['user.login', 'access', 'none'],
		['apiKeyCreated', 'access', 'none'],
		['policy.updated', 'config', 'none'],
		['document.viewed', 'read', 'none'],
		['order.placed', 'data', 'none'],
		['heartbeat', 'other', 'none'],
	])('%s is %s, %s', (action, category, alert) => {
		expect(classified({ action })).toEqual([category, alert]);
	});

	it('pages for a stated severity of error and above, in every category', () => {
		expect(classified({ action: 'order.placed', severity: 'error' })).toEqual(['data', 'page']);
		expect(classified({ action: 'order.placed', severity: 'warning' })).toEqual(['data', 'none']);
	});

	it('hears of a failure only when it concerns access', () => {
		expect(classified({ action: 'sign_in', success: false })).toEqual(['access', 'notify']);
		expect(classified({ action: 'payment.made', success: false })).toEqual(['data', 'none']);
	});
});

describe('odd events', () => {
	it.each([undefined, null, 'text', 7, [], {}])('with payload %j are mapped', (payload) => {
		expect(stored(payload)).toMatchObject({ eventName: 'auditapi.event', severityNumber: 9 });
	});

	it('never throw and never give an attribute another type, whatever the fields hold', () => {
		const keys = ['action', 'severity', 'outcome', 'status', 'success', 'actor', 'user', 'user_id', 'account_id', 'ip'];
		const payloads = fc.record(Object.fromEntries(keys.map((key) => [key, fc.jsonValue()])), { requiredKeys: [] });
		fc.assert(
			fc.property(payloads, (payload) => {
				for (const value of Object.values(stored(payload).attributes)) expect(typeof value).toBe('string');
			}),
		);
	});

	it('are never noise of our own reading', () => {
		expect(auditApi.isSelfNoise({ payload: { action: 'audit.read' } })).toBe(false);
	});
});
