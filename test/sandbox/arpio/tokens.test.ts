import { eventLog } from '../../../sandbox/eventLog';
import { events, setup, walk, five } from './support';

describe('Arpio: envelopes and tokens', () => {
	it('can be a bare array without a token, or with one in a header', () => {
		const bare = setup({ envelope: 'array' }).ask(`${events}?pageSize=2`);
		expect(bare.data).toHaveLength(2);
		const inHeader = setup({ envelope: 'array', token: 'header' }).ask(`${events}?pageSize=2`);
		expect(inHeader.headers['nexttoken']).toBeTruthy();
		const link = setup({ token: 'header', tokenHeader: 'link' }).ask(`${events}?pageSize=2`);
		expect(link.headers['link']).toMatch(/rel="next"/);
		expect(link.data).not.toHaveProperty('nextToken');
	});

	it('can name the list otherwise', () =>
		expect(setup({ envelope: { key: 'items' } }).ask(events).data['items']).toHaveLength(17));

	it('ends with an absent, null or empty token', () => {
		const last = (lastToken: 'absent' | 'null' | 'empty') => setup({ lastToken }).ask(events).data['nextToken'];
		expect([last('absent'), last('null'), last('empty')]).toEqual([undefined, null, '']);
	});

	it('signs tokens in three parts with a time stamp', () => {
		const { ask, clock } = setup();
		const parts = (ask(`${events}?pageSize=1`).data['nextToken'] as string).split('.');
		expect(parts).toHaveLength(3);
		expect(Buffer.from(parts[1]!, 'base64url').readUInt32BE()).toBe(clock.now() / 1000);
		expect(Buffer.from(parts[2]!, 'base64url')).toHaveLength(32);
		const forged = [Buffer.from('{"page":0,"after":0}').toString('base64url'), ...parts.slice(1)].join('.');
		expect(ask(`${events}?nextToken=${forged}`).status).toBe(400);
	});

	it('rejects an expired token as told', () => {
		const { ask, clock } = setup({ tokenExpiryMs: 60_000, tokenRejection: 410 });
		const token = ask(`${events}?pageSize=1`).data['nextToken'] as string;
		clock.advance(60_000);
		expect(ask(`${events}?nextToken=${token}`).status).toBe(200);
		clock.advance(1000);
		expect(ask(`${events}?nextToken=${token}`).status).toBe(410);
	});

	it('can bind a token to its window', () => {
		const { ask } = setup({ tokenWindow: 'bound' });
		const window = 'timestampStart=2026-02-11T00:00:00Z&pageSize=1';
		const token = ask(`${events}?${window}`).data['nextToken'] as string;
		expect(ask(`${events}?${window}&nextToken=${token}`).status).toBe(200);
		expect(ask(`${events}?nextToken=${token}`).status).toBe(400);
	});

	it('can slip in empty pages that have a token', () => {
		const { found, pages } = walk(setup({ emptyPageEvery: 2 }, { log: five() }).ask, 'pageSize=2');
		expect({ found, pages }).toEqual({ found: ['e0', 'e1', 'e2', 'e3', 'e4'], pages: 5 });
	});

	it('can send the same token back forever', () => {
		const { ask } = setup({ repeatToken: true });
		const token = ask(`${events}?pageSize=1`).data['nextToken'] as string;
		expect(ask(`${events}?pageSize=1&nextToken=${token}`).data['nextToken']).toBe(token);
	});

	it('can audit its own reads', () => {
		const { ask } = setup({ auditsOwnReads: true }, { log: eventLog() });
		ask(events);
		const [own] = ask(events).data['events'] as Record<string, unknown>[];
		expect(own).toMatchObject({ type: 'getAuditEvents', access: 'read' });
	});
});
