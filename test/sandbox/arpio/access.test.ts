import type { ArpioOptions } from '../../../sandbox/arpio/api';
import { arpioEvent } from '../../../sandbox/arpio/events';
import { eventLog } from '../../../sandbox/eventLog';
import { asker, at, ids } from '../support';
import { events, key, setup } from './support';

describe('Arpio: access', () => {
	it('answers 401 with a relative authenticateUrl to a missing or wrong key', () => {
		const { api } = setup();
		const wrong: Record<string, string>[] = [{}, { 'X-Api-Key': 'a:b' }];
		for (const headers of wrong) {
			const reply = asker(api, headers)(events);
			expect(reply.status).toBe(401);
			expect(reply.data).toMatchObject({
				message: expect.any(String) as string,
				authenticateUrl: expect.stringMatching(/^\//) as string,
			});
		}
	});

	it('splits the key at the first colon', () => {
		const { api } = setup({}, { keys: [{ id: 'k', secret: 'a:b' }] });
		expect(asker(api, { 'x-api-key': 'k:a:b' })(events).status).toBe(200);
	});

	it('can want the key in base64, as in 2021', () => {
		const { api, ask } = setup({ keyEncoding: 'base64' });
		expect(ask(events).status).toBe(401);
		const encoded = Buffer.from(key['X-Api-Key']).toString('base64');
		expect(asker(api, { 'X-Api-Key': encoded })(events).status).toBe(200);
	});

	it('filters for an app-scoped key, or refuses it', () => {
		const keys = [{ id: 'k', secret: 's', appIds: ['mine'] }];
		const log = eventLog([
			arpioEvent({ id: 'a', micros: at(0), appId: 'mine' }),
			arpioEvent({ id: 'b', micros: at(1) }),
		]);
		const ask = (switches: ArpioOptions['switches']) =>
			asker(setup(switches, { keys, log }).api, { 'X-Api-Key': 'k:s' })(events);
		expect(ids(ask({ appScopedKey: 'filtered' }).data['events'], 'eventId')).toEqual(['a']);
		expect(ask({ appScopedKey: 'forbidden' }).status).toBe(403);
	});

	it('answers 404 to another account and carries a skewed Date', () => {
		const { ask, clock } = setup({ dateSkewMs: 120_000 });
		const reply = ask('/api/accounts/other/auditEvents');
		expect(reply.status).toBe(404);
		expect(Date.parse(String(reply.headers['date']))).toBe(clock.now() + 120_000);
	});
});
