import { auditapiEvents } from '../../../sandbox/fixtures';
import { auditApiEvent } from '../../../sandbox/auditapi/events';
import { list, setup, found, six } from './support';

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
