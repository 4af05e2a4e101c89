import { list, setup, found, count } from './support';

describe('Arcus: single entry, stats, activity', () => {
	it('gets an entry or answers 404', () => {
		const { ask } = setup();
		expect(ask(`${list}/a58b41f4-1adc-4594-ab08-a87e3a264318`).data['action']).toBe('account.merged');
		expect(ask(`${list}/00000000-0000-0000-0000-000000000000`).status).toBe(404);
	});

	it('counts, also within a range, or is not there yet', () => {
		const { ask } = setup();
		expect(ask(`${list}/stats`).data).toMatchObject({
			object: 'audit_stats',
			total: 17,
			by_severity: { notice: 1 },
			from_date: null,
		});
		expect(ask(`${list}/stats?from_date=2026-02-11T08:00:00Z`).data['total']).toBe(2);
		expect(setup({ stats: 'not-implemented' }).ask(`${list}/stats`)).toMatchObject({
			status: 501,
			data: { type: 'not_implemented' },
		});
	});

	it('shows the same log as an activity feed', () => {
		const { ask } = setup();
		const reply = ask('/v1/activity?limit=2');
		expect(found(reply)[0]).toBe('act_a58b41f41adc4594ab08a87e3a264318');
		const next = ask(`/v1/activity?limit=2&starting_after=${String(reply.data['next_cursor'])}`);
		expect(found(next)).not.toContain(found(reply)[1]);
		expect(ask(`/v1/activity/${found(reply)[0]}`).data).toMatchObject({
			resource_type: 'account',
			diff: { before: {} },
		});
		expect(ask('/v1/activity/a58b41f4-1adc-4594-ab08-a87e3a264318').status).toBe(200);
		expect(ask('/v1/activity?limit=101').status).toBe(422);
		expect(count(ask('/v1/activity?created_after=2026-02-11T08:00:00Z'))).toBe(2);
		expect(count(ask('/v1/resources/account/f04f0177-fc34-4122-ab41-c4517550822e/activity'))).toBe(1);
		expect(setup({ activity: 'not-implemented' }).ask('/v1/activity').status).toBe(501);
	});
});
