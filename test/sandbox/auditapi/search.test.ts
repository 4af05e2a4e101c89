import { auditApiEvent } from '../../../sandbox/auditapi/events';
import { eventLog } from '../../../sandbox/eventLog';
import { list, setup, found } from './support';

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
