import { arcusSandboxKey } from '../../../sandbox/arcus/keys';
import { list, setup } from './support';

describe('Arcus: limits and conditional requests', () => {
	it.each([
		['test', 60, 10],
		['standard', 300, 50],
		['elevated', 1200, 100],
	] as const)('allows a %s key %i a minute and %i a second', (tier, perMinute, perSecond) => {
		const { ask, clock } = setup({}, { keys: [{ ...arcusSandboxKey, tier }] });
		for (let n = 0; n < perSecond; n++) expect(ask(list).status).toBe(200);
		expect(ask(list)).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
		for (let n = perSecond; n < perMinute; n++) {
			if (n % perSecond === 0) clock.advance(1000);
			expect(ask(list).status).toBe(200);
		}
		clock.advance(1000);
		const refused = ask(list);
		expect(refused.data).toMatchObject({ error: 'rate_limit_exceeded', type: 'rate_limit' });
		clock.advance(Number(refused.headers['retry-after']) * 1000);
		expect(ask(list).status).toBe(200);
	});

	it('says on every reply how much is left', () => {
		const { ask, clock } = setup({ rateLimit: { perMinute: 5, perSecond: 5 } });
		const { headers } = ask(list);
		expect(headers).toMatchObject({ 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '4' });
		expect(headers['x-ratelimit-reset']).toBe(String(clock.now() / 1000 + 60));
		expect(ask('/v1/nothing').headers['x-ratelimit-remaining']).toBe('3');
	});

	it('answers 304 to a known ETag', () => {
		const { ask } = setup();
		const etag = ask(list).headers['etag']!;
		expect(ask(list, { headers: { 'If-None-Match': etag } })).toMatchObject({ status: 304, body: '' });
		expect(ask(`${list}?limit=1`, { headers: { 'If-None-Match': etag } }).status).toBe(200);
	});
});
