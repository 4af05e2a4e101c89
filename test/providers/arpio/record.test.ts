import { recordOf } from '../../../core/record/attributes';
import { arpio } from '../../../providers/arpio/provider';
import type { JsonObject } from '../../../core/contract';
import type { AuditRecord } from '../../../core/provider';
import expectedRecords from './expectedRecords.json';
import { eventOf, fixtureEvents } from './fixtures';

const record = (json: JsonObject): AuditRecord => recordOf(arpio, eventOf(json));
const attributes = (json: JsonObject) => record(json).attributes;

describe('fixture events, field by field', () => {
	const all = [...fixtureEvents('audit-events'), ...fixtureEvents('audit-events-last-page')];

	it.each(all.map((event) => [String(event.json['type']), event] as const))('%s', (_type, event) => {
		const expected = (expectedRecords as Record<string, object>)[event.id];
		expect(recordOf(arpio, event)).toEqual({ ...expected, body: event.raw });
	});

	it('covers both pages', () => {
		expect(all).toHaveLength(18);
		expect(new Set(all.map(({ id }) => id)).size).toBe(17);
	});

	it.each([
		['6PqyfwtlwudBZZ0b8NEpCA', 9, 'read', 'none'],
		['d4rJV68yEyxJw3sBlLlC8P', 9, 'config', 'none'],
		['gsyecUvqWLPjGZ8VSqApdq', 13, 'dr_test', 'notify'],
		['nSMjS0DqWUf1u47ZpmquM8', 13, 'dr_test', 'notify'],
		['h6NlUct6YkqaJGkPtrsugJ', 17, 'failover', 'page'],
		['74pdutYC1mOreM7O9YNBep', 17, 'failover', 'page'],
		['Xh5qtMRPbl2Ze43gSHfFqD', 17, 'failover', 'page'],
		['fG7iDSQWXS82LCb1MB4yEp', 17, 'failover', 'page'],
		['ucsaT4KFz0bbdFpUgH05jy', 17, 'failback', 'page'],
		['rFXpt5TRNsUUk3eo8HXQpe', 17, 'failover', 'page'],
		['xAbUTrHMVFxjLZE3Pnmolr', 13, 'access', 'notify'],
		['b4XGymbXRZ4bRcjILzO97T', 13, 'access', 'notify'],
		['Agvh8bt8GTdkRS83eQCNdM', 9, 'read', 'none'],
		['54EXxsrdauqC7q9iQjC2N4', 17, 'config', 'page'],
		['qc9wHiXsx88ZJczhS6GvVw', 9, 'other', 'none'],
		['1lv00RQmp5ZGTpqMhzL0KR', 13, 'access', 'notify'],
		['wHJ1l6O33q33yBZVSOwoj0', 9, 'config', 'none'],
	])('%s has severity %d, category %s, alert %s', (id, severity, category, alert) => {
		const mapped = recordOf(
			arpio,
			all.find((event) => event.id === id)!,
		);
		expect(mapped).toMatchObject({
			severityNumber: severity,
			attributes: { 'audit.category': category, 'audit.alert': alert },
		});
	});
});

describe('event name', () => {
	it.each([
		['startTest', 'arpio.starttest'],
		['a.b-c_1', 'arpio.a.b-c_1'],
		['Free text here', 'arpio.event'],
		['1st', 'arpio.event'],
		['x'.repeat(102), 'arpio.event'],
		[undefined, 'arpio.event'],
		[{ odd: true }, 'arpio.event'],
	])('of %j', (type, expected) => {
		expect(record({ type }).eventName).toBe(expected);
	});
});

describe('outcome and severity', () => {
	const answered = (statusCode: unknown) => ({ context: { apiResponse: { statusCode } } });

	it.each([
		['SUCCESS', 9, undefined],
		['succeeded', 9, undefined],
		['failure', 13, '_OTHER'],
		['denied', 13, '_OTHER'],
		['unknown', 9, undefined],
	])('result %s of a plain write has severity %d', (result, severity, errorType) => {
		const mapped = record({ type: 'updateThing', access: 'write', source: 'api', result });
		expect(mapped.severityNumber).toBe(severity);
		expect(mapped.attributes['audit.outcome']).toBe(result);
		expect(mapped.attributes['error.type']).toBe(errorType);
	});

	it.each([
		[204, 'success', 9, undefined],
		[403, 'failure', 13, '403'],
		['500', 'failure', 13, '500'],
		[undefined, 'unknown', 9, undefined],
		['odd', 'unknown', 9, undefined],
	])('without result, status %j is %s', (statusCode, outcome, severity, errorType) => {
		const mapped = record({ type: 'updateThing', access: 'write', ...answered(statusCode) });
		expect(mapped.severityNumber).toBe(severity);
		expect(mapped.attributes['audit.outcome']).toBe(outcome);
		expect(mapped.attributes['error.type']).toBe(errorType);
	});

	it('does not believe a success with an error status', () => {
		const mapped = record({ type: 'updateThing', access: 'write', result: 'success', ...answered(502) });
		expect(mapped).toMatchObject({ severityNumber: 13, attributes: { 'error.type': '502' } });
	});

	it('raises the failure of something that notifies', () => {
		expect(record({ type: 'createUser', access: 'write', result: 'failure' }).severityNumber).toBe(17);
	});

	it('raises the failure of the system itself', () => {
		const json = { type: 'syncThing', access: 'write', result: 'failure' };
		expect(record({ ...json, source: 'system' }).severityNumber).toBe(17);
		expect(record({ ...json, source: 'api' }).severityNumber).toBe(13);
	});

	it('leaves a failed read a warning', () => {
		expect(record({ type: 'getRecovery', access: 'read', result: 'failure' }).severityNumber).toBe(13);
	});
});

describe('attributes', () => {
	it('prefers a target that is not the account', () => {
		const resources = [{ type: 'account', id: 'a' }, { type: 'application', id: 'b', name: 'Checkout' }, 'odd', null];
		expect(attributes({ resources })).toMatchObject({
			'audit.target.type': 'application',
			'audit.target.id': 'b',
			'audit.target.name': 'Checkout',
			'audit.targets': ['account:a', 'application:b'],
		});
	});

	it('keeps all digits of an id that is a number', () => {
		const raw = '{"eventId":9007199254740993,"accountId":18446744073709551615,"timestamp":"2026-02-11T09:00:00Z"}';
		const event = { id: '9007199254740993', time: 0n, raw, json: JSON.parse(raw) as JsonObject };
		expect(recordOf(arpio, event).attributes).toMatchObject({
			'log.record.uid': 'arpio:9007199254740993',
			'audit.tenant.id': '18446744073709551615',
		});
	});

	it('strips query, fragment and user info from the address', () => {
		const context = { apiRequest: { url: 'https://me:pw@h/api/x?nextToken=secret#f' } };
		expect(attributes({ context })['url.full']).toBe('https://h/api/x');
	});

	it('calls an absent principal the system only when it is null', () => {
		expect(attributes({ principal: null })['audit.actor.type']).toBe('system');
		expect(attributes({})).not.toHaveProperty(['audit.actor.type']);
	});

	it('has the event time to the nanosecond and the text as body', () => {
		const event = eventOf({ timestamp: '2026-02-11T09:00:00.123456Z' });
		expect(recordOf(arpio, event)).toMatchObject({ time: [1_770_800_400, 123_456_000], body: event.raw });
	});

	it.each([7, 'text', true, null, [], {}, [[]], [null], { a: { b: 1 } }])('survives %j in every field', (odd) => {
		const fields = [
			'type',
			'access',
			'source',
			'result',
			'principal',
			'resources',
			'context',
			'accountId',
			'requestInfo',
		];
		for (const field of fields) expect(() => record({ [field]: odd })).not.toThrow();
		for (const field of ['apiRequest', 'apiResponse'])
			expect(() => record({ context: { [field]: odd } })).not.toThrow();
		for (const field of ['url', 'remoteAddresses', 'userAgent', 'httpRequestId']) {
			const mapped = attributes({ context: { apiRequest: { [field]: odd } } });
			const types = Object.values(mapped).map((value) => (Array.isArray(value) ? 'list' : typeof value));
			expect(types.every((type) => ['string', 'list', 'number'].includes(type))).toBe(true);
		}
		expect(() => record({ principal: { identity: odd } })).not.toThrow();
	});
});
