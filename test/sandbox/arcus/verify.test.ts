import { arcusEntry } from '../../../sandbox/arcus/events';
import { at, type Asked } from '../support';
import { list, setup, found } from './support';

describe('Arcus: verify', () => {
	const verify = (ask: (url: string, more: object) => Asked, body: object = {}, headers = {}) =>
		ask(`${list}/verify`, { method: 'POST', body: JSON.stringify(body), headers });

	it('walks an intact chain', () => {
		expect(verify(setup().ask).data).toEqual({
			object: 'audit_chain_verification',
			verified: true,
			chain_length: 17,
			broken_at: null,
			broken_reason: null,
		});
	});

	it('covers no more rows than the limit, and only the range', () => {
		const { ask } = setup();
		expect(verify(ask, { limit: 5 }).data['chain_length']).toBe(5);
		expect(verify(ask, { from_date: '2026-02-11T08:00:00Z' }).data['chain_length']).toBe(2);
		expect(verify(ask, { limit: 10_001 })).toMatchObject({ status: 422, data: { param: 'limit' } });
	});

	it('links new entries to the chain', () => {
		const { api, ask } = setup();
		api.log.add(arcusEntry(api.log, { id: 'new', micros: at(0) }));
		expect(verify(ask).data).toMatchObject({ verified: true, chain_length: 18 });
	});

	it.each([
		['missing_row', (api: ReturnType<typeof setup>['api'], id: string) => void api.log.remove(id)],
		['entry_hash_mismatch', (api, id) => api.log.tamper(id, api.log.get(id, at(0))!.raw.replace('"info"', '"none"'))],
		[
			'null_hash',
			(api, id) => api.log.tamper(id, api.log.get(id, at(0))!.raw.replace(/"entry_hash": "\w+"/, '"entry_hash": null')),
		],
		[
			'prev_hash_mismatch',
			(api, id) => api.log.tamper(id, api.log.get(id, at(0))!.raw.replace(/"prev_hash": "\w+"/, '"prev_hash": "0"')),
		],
	] as const satisfies readonly (readonly [string, (api: ReturnType<typeof setup>['api'], id: string) => void])[])(
		'finds %s',
		(reason, damage) => {
			const { api, ask } = setup();
			const rows = found(ask(list));
			damage(api, rows[5]!);
			expect(verify(ask).data).toMatchObject({
				verified: false,
				broken_reason: reason,
				broken_at: rows[reason === 'missing_row' ? 4 : 5],
			});
		},
	);

	it('repeats an old verdict for the same idempotency key', () => {
		const { api, ask, clock } = setup();
		const headers = { 'Idempotency-Key': 'k' };
		verify(ask, {}, headers);
		api.log.remove(found(ask(list))[5]!);
		expect(verify(ask, {}, headers).data['verified']).toBe(true);
		expect(verify(ask, { limit: 3 }, headers)).toMatchObject({
			status: 409,
			data: { error: 'idempotency_key_mismatch' },
		});
		clock.advance(24 * 3_600_000);
		expect(verify(ask, {}, headers).data['verified']).toBe(false);
	});

	it('may not be there yet', () => expect(verify(setup({ verify: 'not-implemented' }).ask).status).toBe(501));
});
