import { list, setup, found, post } from './support';

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
