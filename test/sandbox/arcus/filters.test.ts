import { list, setup, count } from './support';

describe('Arcus: filters', () => {
	it.each([
		['action=account.merged', 1],
		['resource_type=order', 2],
		['resource_id=f04f0177-fc34-4122-ab41-c4517550822e', 1],
		['actor_type=webhook', 2],
		['actor_id=76aa3665-3172-4f94-823c-f052b3fdd55c', undefined],
		['actor_label=stripe', 2],
		['severity=critical', 3],
		['outcome=failure', 3],
		['ip_address=192.0.2.250', undefined],
		['session_id=8b0c1dcc-3c78-4a99-ada4-70db207f8fd5', 1],
		['search=CARD', 1],
		['search=so-001042', undefined],
	])('%s', (query, expected) => {
		const { ask } = setup();
		const filtered = count(ask(`${list}?${query}`));
		expect(filtered).toBeLessThan(17);
		if (expected !== undefined) expect(filtered).toBe(expected);
	});

	it('includes or excludes the bounds', () => {
		const window = 'from_date=2026-02-11T08:00:00Z&to_date=2026-02-11T09:30:00Z';
		expect(count(setup().ask(`${list}?${window}`))).toBe(2);
		expect(count(setup({ fromDate: 'exclusive' }).ask(`${list}?${window}`))).toBe(1);
		expect(count(setup({ fromDate: 'exclusive', toDate: 'exclusive' }).ask(`${list}?${window}`))).toBe(0);
	});

	it.each(['from_date=today', 'to_date=2026-02-11', 'severity=notice', 'outcome=denied', 'actor_type=robot'])(
		'refuses %s and names the parameter',
		(query) =>
			expect(setup().ask(`${list}?${query}`)).toMatchObject({ status: 400, data: { param: query.split('=')[0] } }),
	);

	it('can ignore or refuse the search parameter', () => {
		expect(count(setup({ search: 'ignored' }).ask(`${list}?search=CARD`))).toBe(17);
		expect(setup({ search: 'rejected' }).ask(`${list}?search=CARD`)).toMatchObject({
			status: 400,
			data: { param: 'search' },
		});
	});
});
