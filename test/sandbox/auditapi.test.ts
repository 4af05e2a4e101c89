import { auditApi, auditApiSandboxKey, type AuditApiOptions } from '../../sandbox/auditapi/api';
import { auditApiEvent } from '../../sandbox/auditapi/events';
import { eventLog } from '../../sandbox/eventLog';
import { auditapiEvents } from '../../sandbox/fixtures';
import { seededLogs } from '../../sandbox/seed';
import { asker, at, ids, testClock, type Asked } from './support';

const list = '/v1/events';
const key = { Authorization: `Bearer ${auditApiSandboxKey}` };

function setup(switches: AuditApiOptions['switches'] = {}, options: AuditApiOptions = {}) {
	const clock = testClock();
	const api = auditApi({ clock, log: seededLogs().auditapi, ...options, switches });
	return { clock, api, ask: asker(api, key) };
}

const found = (reply: Asked) => ids(reply.data['data']);
const six = () => eventLog([0, 1, 2, 3, 4, 5].map((n) => auditApiEvent({ id: `e${n}`, at: at(n), payload: { n } })));
const post = (ask: (url: string, more: object) => Asked, body: string) => ask(list, { method: 'POST', body });

describe('AuditAPI: access', () => {
	it('takes Bearer, or Basic with an empty password', () => {
		const { api, ask } = setup();
		const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
		expect(ask(list).status).toBe(200);
		expect(asker(api, basic(`${auditApiSandboxKey}:`))(list).status).toBe(200);
		expect(asker(api, basic(`${auditApiSandboxKey}:x`))(list).status).toBe(401);
		expect(asker(api, {})(list).status).toBe(401);
	});

	it.each([
		['error-string', { error: 'Unauthorized' }],
		['error-object', { error: { message: 'Unauthorized', type: 'unauthorized' } }],
		['message', { message: 'Unauthorized' }],
		['errors-array', { errors: ['Unauthorized'] }],
		['errors-object', { errors: { base: ['Unauthorized'] } }],
	] as const)('can put errors as %s', (errors, body) => {
		expect(asker(setup({ errors }).api, {})(list).data).toEqual(body);
	});

	it.each(['seconds', 'date', 'absent'] as const)('throttles with Retry-After in %s', (retryAfter) => {
		const { ask, clock } = setup({ requestsPerMinute: 2, retryAfter });
		ask(list);
		ask(list);
		const { status, headers } = ask(list);
		const date = new Date(clock.now() + 60_000).toUTCString();
		expect([status, headers['retry-after']]).toEqual([429, { seconds: '60', date, absent: undefined }[retryAfter]]);
		clock.advance(60_000);
		expect(ask(list).status).toBe(200);
	});

	it('carries a skewed Date', () => {
		const { ask, clock } = setup({ dateSkewMs: -3_600_000 });
		expect(Date.parse(ask(list).headers['date']!)).toBe(clock.now() - 3_600_000);
	});
});

describe('AuditAPI: create', () => {
	it('stores later than it answers', () => {
		const { ask, clock } = setup({ storeDelayMs: 1000 });
		const { status, data } = post(ask, '{"action":"a"}');
		expect([status, data['object'], Object.keys(data)]).toEqual([200, 'event', ['id', 'object']]);
		const url = `${list}/${String(data['id'])}`;
		expect(ask(url).status).toBe(404);
		clock.advance(1000);
		expect(ask(url).data).toMatchObject({
			object: 'event',
			timestamp: '2026-02-12T00:00:00Z',
			payload: { action: 'a' },
		});
		expect(found(ask(list))[0]).toBe(data['id']);
	});

	it('lifts the timestamp out of the payload and keeps the rest byte for byte', () => {
		const { ask } = setup({ storeDelayMs: 0 });
		const { data } = post(ask, '{"timestamp":"2019-12-25T22:57:24+02:00","n":9007199254740993,"f":1.0}');
		const { body } = ask(`${list}/${String(data['id'])}`);
		expect(body).toContain('"timestamp":"2019-12-25T22:57:24+02:00","payload":{"n":9007199254740993,"f":1.0}}');
	});

	it('can leave the timestamp in the payload', () => {
		const { ask } = setup({ storeDelayMs: 0, timestampStaysInPayload: true });
		const { data } = post(ask, '{"timestamp":"2019-12-25T22:57:24Z"}');
		expect(ask(`${list}/${String(data['id'])}`).data['payload']).toEqual({ timestamp: '2019-12-25T22:57:24Z' });
	});

	it('silently ignores a malformed timestamp', () => {
		const { ask } = setup({ storeDelayMs: 0 });
		const { status, data } = post(ask, '{"timestamp":"last tuesday","a":1}');
		expect(status).toBe(200);
		expect(ask(`${list}/${String(data['id'])}`).data['timestamp']).toBe('2026-02-12T00:00:00Z');
	});

	it.each([
		['{', 400],
		['[1]', 422],
		['{}', 422],
		['"text"', 422],
		[`{"a":"${'x'.repeat(100)}"}`, 413],
	])('refuses %s', (body, status) => expect(post(setup({ maxPayload: 100 }).ask, body).status).toBe(status));

	it('stops at the quota', () => {
		const { ask } = setup({ quota: 1, createdStatus: 202 });
		expect([post(ask, '{"a":1}').status, post(ask, '{"a":2}').status]).toEqual([202, 402]);
	});

	it('gives every event its own id', () => {
		const { ask } = setup();
		const id = () => post(ask, '{"a":1}').data['id'];
		expect(new Set([id(), id(), id()]).size).toBe(3);
	});
});

describe('AuditAPI: list', () => {
	it('lists newest first, ten by default, and sends the stored bytes', () => {
		const { ask } = setup();
		const texts = [...auditapiEvents].reverse();
		expect(ask(list).body).toBe(`{"object":"list","has_more":true,"data":[${texts.slice(0, 10).join(',')}]}`);
		expect(ask(`${list}?limit=100`).body).toBe(`{"object":"list","has_more":false,"data":[${texts.join(',')}]}`);
	});

	it.each(['0', '101', 'x'])('refuses limit %s', (limit) =>
		expect(setup().ask(`${list}?limit=${limit}`)).toMatchObject({
			status: 422,
			data: { errors: { limit: ['must be between 1 and 100'] } },
		}),
	);

	it('pages to older with starting_after', () => {
		const { ask } = setup({}, { log: six() });
		expect(found(ask(`${list}?limit=2&starting_after=e4`))).toEqual(['e3', 'e2']);
		expect(ask(`${list}?limit=4&starting_after=e4`).data['has_more']).toBe(false);
		expect(ask(`${list}?starting_after=e0`).data).toMatchObject({ has_more: false, data: [] });
	});

	it('pages to newer with ending_before: the adjacent page, or the newest', () => {
		const climb = (endingBefore: 'adjacent' | 'newest') =>
			setup({ endingBefore }, { log: six() }).ask(`${list}?limit=2&ending_before=e1`);
		expect(found(climb('adjacent'))).toEqual(['e3', 'e2']);
		expect(found(climb('newest'))).toEqual(['e5', 'e4']);
		expect(climb('adjacent').data['has_more']).toBe(true);
	});

	it('lets ending_before win', () => {
		expect(found(setup({}, { log: six() }).ask(`${list}?ending_before=e4&starting_after=e4`))).toEqual(['e5']);
	});

	it('means newer or older events by has_more while climbing', () => {
		const flag = (climbingHasMore: 'newer' | 'older', cursor: string) =>
			setup({ climbingHasMore }, { log: six() }).ask(`${list}?limit=2&ending_before=${cursor}`).data['has_more'];
		expect([flag('newer', 'e3'), flag('newer', 'e2')]).toEqual([false, true]);
		expect([flag('older', 'e5'), flag('older', 'e2')]).toEqual([true, true]);
	});

	it('answers 404 or 422 to an unknown cursor', () => {
		expect(setup().ask(`${list}?starting_after=x`).status).toBe(404);
		expect(setup({ unknownCursor: 422 }).ask(`${list}?ending_before=x`).status).toBe(422);
	});

	it('can be wrong about has_more and turn ties round', () => {
		expect(setup({ hasMore: 'always' }).ask(`${list}?limit=100`).data['has_more']).toBe(true);
		expect(setup({ hasMore: 'never' }).ask(list).data['has_more']).toBe(false);
		const [newest, oldest] = (['newest-first', 'oldest-first'] as const).map((ties) =>
			found(setup({ ties }).ask(list)),
		);
		expect(oldest!.slice(3, 5)).toEqual(newest!.slice(3, 5).reverse());
	});

	it('puts back-dated events far below and post-dated ones on top', () => {
		const log = six();
		const { ask } = setup({}, { log });
		log.add(auditApiEvent({ id: 'past', at: '2019-01-01T00:00:00Z', payload: {} }));
		log.add(auditApiEvent({ id: 'future', at: '2031-01-01T00:00:00Z', payload: {} }));
		const order = found(ask(list));
		expect([order[0], order.at(-1)]).toEqual(['future', 'past']);
	});
});

describe('AuditAPI: days, filter and search', () => {
	const at = (time: string) => auditApiEvent({ id: time, at: `2026-02-${time}:00Z`, payload: {} });
	const days = () => eventLog([at('09T23:30'), at('10T00:00'), at('10T23:59'), at('11T00:30')]);

	it('filters whole days in UTC or another zone', () => {
		const day = (dayOffsetMinutes: number) =>
			found(
				setup({ dayOffsetMinutes }, { log: days() }).ask(`${list}?start_date=2026-02-10&end_date=2026-02-10`),
			).reverse();
		expect(day(0)).toEqual(['10T00:00', '10T23:59']);
		expect(day(60)).toEqual(['09T23:30', '10T00:00']);
		expect(day(-60)).toEqual(['10T23:59', '11T00:30']);
	});

	it('can leave the end day out', () => {
		const { ask } = setup({ endDate: 'exclusive' }, { log: days() });
		expect(found(ask(`${list}?end_date=2026-02-10`))).toEqual(['09T23:30']);
	});

	it.each(['start_date=today', 'end_date=2026-02-30', 'start_date=2026-02-10T00:00:00Z', 'filter=none'])(
		'refuses %s',
		(query) => expect(setup().ask(`${list}?${query}`).status).toBe(422),
	);

	it('filters on a top-level key, number or string alike', () => {
		const { ask } = setup();
		expect(found(ask(`${list}?limit=100&filter=account_id%3A1234`))).toHaveLength(3);
		expect(found(ask(`${list}?filter=invoice_id%3A9007199254740993`))).toHaveLength(1);
		expect(found(ask(`${list}?filter=invoice_id%3A9007199254740992`))).toHaveLength(0);
	});

	it.each([
		['dr.failover*', 3],
		['*.completed', 2],
		['"user upgraded account"', 1],
		['"upgraded user"', 0],
		['Zoë', 1],
		['dr.test* checkout', 2],
		['totp', 1],
		['0fced317*', 0],
	])('searches %s', (query, hits) => {
		expect(found(setup().ask(`${list}/search?limit=100&query=${encodeURIComponent(query)}`))).toHaveLength(hits);
	});

	it('wants a query, and pages a search like a list', () => {
		const { ask } = setup();
		expect(ask(`${list}/search?query=%20`).status).toBe(422);
		const first = ask(`${list}/search?query=dr.*&limit=2`);
		const next = ask(`${list}/search?query=dr.*&limit=2&starting_after=${found(first).at(-1)}`);
		expect([first.data['has_more'], found(next).length]).toEqual([true, 2]);
	});

	it('knows one event and no other path', () => {
		const { ask } = setup();
		expect(ask(`${list}/a770dd03-09a9-418b-a358-525526a86bc9`).data).toHaveProperty('payload.severity', 'critical');
		expect([ask('/v1/other').status, ask(list, { method: 'DELETE' }).status]).toEqual([404, 405]);
	});
});
