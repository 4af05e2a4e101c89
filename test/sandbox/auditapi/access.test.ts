import { auditApiSandboxKey } from '../../../sandbox/auditapi/api';
import { asker } from '../support';
import { list, setup } from './support';

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
		expect(Date.parse(String(ask(list).headers['date']))).toBe(clock.now() - 3_600_000);
	});
});
