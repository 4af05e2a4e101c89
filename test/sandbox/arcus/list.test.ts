import { arcusEntries } from '../../../sandbox/fixtures';
import { arcusEntry } from '../../../sandbox/arcus/events';
import { eventLog } from '../../../sandbox/eventLog';
import { at } from '../support';
import { list, all, setup, found, count, walk } from './support';

describe('Arcus: list', () => {
	it('lists newest first and sends the stored bytes when everything is expanded', () => {
		const texts = [...arcusEntries].reverse().join(',');
		const { body, data } = setup().ask(`${list}?${all}`);
		expect(body.startsWith(`{"object":"list","data":[${texts}],`)).toBe(true);
		expect(data).toMatchObject({ has_more: false, next_cursor: null, total_count: 17, url: list });
	});

	it('continues after a cursor without repeating it, also among equal times', () => {
		const whole = found(setup().ask(list));
		for (const limit of [1, 2, 3, 16, 17, 200]) expect(walk(setup().ask, `limit=${limit}`)).toEqual(whole);
	});

	it('can turn ties round', () => {
		const newest = found(setup().ask(list));
		const oldest = found(setup({ ties: 'oldest-first' }).ask(list));
		expect(oldest).not.toEqual(newest);
		expect([oldest[2], oldest[3]]).toEqual([newest[3], newest[2]]);
		expect(walk(setup({ ties: 'oldest-first' }).ask, 'limit=3')).toEqual(oldest);
	});

	it('defaults to 50 rows and checks the limit', () => {
		const log = eventLog();
		for (let n = 0; n < 60; n++) log.add(arcusEntry(log, { id: `e${n}`, micros: at(n) }));
		const { ask, api } = setup({}, { log });
		expect(count(ask(list))).toBe(50);
		for (const limit of ['0', '201', 'x']) {
			expect(ask(`${list}?limit=${limit}`)).toMatchObject({ status: 422, data: { param: 'limit' } });
		}
		Object.assign(api.switches, { maxLimit: 100, limitError: 400 });
		expect(ask(`${list}?limit=101`)).toMatchObject({ status: 400, data: { param: 'limit' } });
		expect(ask(`${list}?limit=100`).status).toBe(200);
	});

	it('answers 404, or 400, to a cursor that was deleted', () => {
		const { api, ask } = setup();
		const cursor = found(ask(`${list}?limit=1`))[0]!;
		api.log.remove(cursor);
		expect(ask(`${list}?starting_after=${cursor}`)).toMatchObject({ status: 404, data: { error: 'not_found' } });
		api.switches.unknownCursor = 400;
		expect(ask(`${list}?starting_after=${cursor}`).status).toBe(400);
	});

	it('keeps pages in place when new entries arrive', () => {
		const { api, ask } = setup();
		const first = ask(`${list}?limit=5`);
		const whole = found(ask(list));
		api.log.add(arcusEntry(api.log, { id: 'new', micros: at(0) }));
		expect(found(ask(`${list}?limit=200&starting_after=${String(first.data['next_cursor'])}`))).toEqual(whole.slice(5));
	});

	it('can leave out next_cursor and total_count', () => {
		const { ask } = setup({ nextCursor: 'null', totalCount: 'absent' });
		expect(ask(`${list}?limit=1`).data).toMatchObject({ has_more: true, next_cursor: null });
		expect(ask(list).data).not.toHaveProperty('total_count');
		const onRequest = setup({ totalCount: 'on-request' }).ask;
		expect(onRequest(list).data).not.toHaveProperty('total_count');
		expect(onRequest(`${list}?include_count=true`).data['total_count']).toBe(17);
	});

	it('can be wrong about has_more', () => {
		expect(setup({ hasMore: 'always' }).ask(list).data['has_more']).toBe(true);
		expect(setup({ hasMore: 'never' }).ask(`${list}?limit=1`).data['has_more']).toBe(false);
	});
});
