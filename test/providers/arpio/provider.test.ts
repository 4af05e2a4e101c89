import { inspect } from 'node:util';
import { arpio } from '../../../providers/arpio/provider';
import { eventOf, fixtureEvents } from './fixtures';

it('has the polled path as endpoint', () => {
	expect(arpio.endpoint({ accountId: 'a/b' })).toBe('/api/accounts/a%2Fb/auditEvents');
});

describe('key', () => {
	it('goes into the header as it is', () => {
		expect(arpio.authorize({ apiKey: 'id:sec:ret' })).toEqual({ 'x-api-key': 'id:sec:ret' });
	});

	it.each([
		['', 'it is empty'],
		['hushhush', 'it has no colon'],
		[':hushhush', 'one part is empty or has spaces'],
		['hushhush:', 'one part is empty or has spaces'],
		['hush:hush\n', 'one part is empty or has spaces'],
		['hush:húsh', 'one part is empty or has spaces'],
	])('%j is refused without being shown', (key, fault) => {
		let error: unknown;
		try {
			arpio.authorize({ apiKey: key });
		} catch (thrown) {
			error = thrown;
		}
		expect(error).toBeInstanceOf(Error);
		expect((error as Error).message).toContain(fault);
		expect(inspect(error, { showHidden: true }).replace(/\n\s+at .*/g, '')).not.toContain('hush');
	});
});

describe('self noise', () => {
	it('is the read of audit events, and nothing else of the fixtures', () => {
		const noise = fixtureEvents().filter(({ json }) => arpio.isSelfNoise(json));
		expect(noise.map(({ json }) => json['type'])).toEqual(['getAuditEvents']);
	});

	const url = (path: string) => ({ context: { apiRequest: { url: `https://api.arpio.io/api/accounts/a${path}` } } });

	it.each([
		[{ access: 'read', type: 'list', ...url('/auditEvents?nextToken=x') }, true],
		[{ access: 'read', type: 'list', ...url('/auditEvents/') }, true],
		[{ type: 'getAuditEvents' }, true],
		[{ access: 'write', type: 'exportAuditEvents', ...url('/auditEvents') }, false],
		[{ access: 'read', type: 'list', ...url('/auditEvents/x') }, false],
		[{ access: 'read', type: 'list', ...url('/x?y=/auditEvents') }, false],
		[{}, false],
		[{ context: 7 }, false],
	])('%j: %s', (json, expected) => {
		expect(arpio.isSelfNoise(eventOf(json).json)).toBe(expected);
	});
});
