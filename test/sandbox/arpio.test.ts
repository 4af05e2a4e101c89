import { arpioApi, arpioSandboxKey, type ArpioOptions } from '../../sandbox/arpio/api';
import { arpioAccountId, arpioEvent } from '../../sandbox/arpio/events';
import { eventLog } from '../../sandbox/eventLog';
import { arpioEvents } from '../../sandbox/fixtures';
import { seededLogs } from '../../sandbox/seed';
import { formatMicros } from '../../sandbox/time';
import { asker, at, ids, testClock, type Asked } from './support';

const account = `/api/accounts/${arpioAccountId}`;
const events = `${account}/auditEvents`;
const key = { 'X-Api-Key': `${arpioSandboxKey.id}:${arpioSandboxKey.secret}` };

function setup(switches: ArpioOptions['switches'] = {}, options: ArpioOptions = {}) {
	const clock = testClock();
	const api = arpioApi({ clock, log: seededLogs().arpio, ...options, switches });
	return { clock, api, ask: asker(api, key) };
}

/** Ids of all pages, and how many pages there were. */
function walk(ask: (url: string) => Asked, query: string, between: () => void = () => undefined) {
	const found: string[] = [];
	for (let pages = 1, token = ''; ; pages++) {
		const reply = ask(`${events}?${query}${token && `&nextToken=${encodeURIComponent(token)}`}`);
		expect(reply.status).toBe(200);
		found.push(...ids(reply.data['events'], 'eventId'));
		token = (reply.data['nextToken'] as string | undefined) ?? '';
		if (!token || pages > 50) return { found, pages };
		between();
	}
}

const five = () => eventLog([0, 1, 2, 3, 4].map((n) => arpioEvent({ id: `e${n}`, micros: at(n) })));

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
		expect(Date.parse(reply.headers['date']!)).toBe(clock.now() + 120_000);
	});
});

describe('Arpio: audit events', () => {
	it('sends the stored bytes', () => {
		expect(setup().ask(events).body).toBe(`{"events":[${arpioEvents.join(',')}]}`);
	});

	it('includes both bounds to the microsecond, or leaves the upper one out', () => {
		const log = () => eventLog([0, 1, 2].map((n) => arpioEvent({ id: `e${n}`, micros: at(0) + n })));
		const window = `timestampStart=${formatMicros(at(0) + 1)}&timestampEnd=${formatMicros(at(0) + 2)}`;
		expect(walk(setup({}, { log: log() }).ask, window).found).toEqual(['e1', 'e2']);
		expect(walk(setup({ upperBound: 'exclusive' }, { log: log() }).ask, window).found).toEqual(['e1']);
	});

	it('refuses a malformed bound', () => expect(setup().ask(`${events}?timestampStart=today`).status).toBe(400));

	it.each(['keyset', 'offset'] as const)('pages with %s tokens', (tokenKind) => {
		const { found, pages } = walk(setup({ tokenKind }, { log: five() }).ask, 'pageSize=2');
		expect({ found, pages }).toEqual({ found: ['e0', 'e1', 'e2', 'e3', 'e4'], pages: 3 });
	});

	it('hides a row from offset tokens when an earlier one is deleted, not from keyset tokens', () => {
		const run = (tokenKind: 'offset' | 'keyset') => {
			const { api, ask } = setup({ tokenKind }, { log: five() });
			return walk(ask, 'pageSize=2', () => void api.log.remove('e0')).found;
		};
		expect(run('offset')).toEqual(['e0', 'e1', 'e3', 'e4']);
		expect(run('keyset')).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
	});

	it('orders ascending, descending, or oddly but always the same', () => {
		const order = (order: 'ascending' | 'descending' | 'shuffled') =>
			walk(setup({ order }, { log: five() }).ask, 'pageSize=2').found;
		expect(order('descending')).toEqual(order('ascending').reverse());
		expect(order('shuffled')).toEqual(order('shuffled'));
		expect(order('shuffled')).not.toEqual(order('ascending'));
		expect(order('shuffled').sort()).toEqual(order('ascending'));
	});

	it('honours, caps or rejects pageSize', () => {
		const length = (reply: Asked) => (reply.data['events'] as unknown[]).length;
		expect(length(setup().ask(`${events}?pageSize=3`))).toBe(3);
		expect(length(setup({ pageSize: { cap: 2 } }).ask(`${events}?pageSize=3`))).toBe(2);
		expect(setup({ pageSize: 'rejected' }).ask(`${events}?pageSize=3`).status).toBe(400);
		expect(length(setup({ pageSize: 'rejected', defaultPageSize: 4 }).ask(events))).toBe(4);
		expect(length(setup().ask(`${events}?limit=3`))).toBe(17);
	});
});

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

	it('can send the same token back for ever', () => {
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

describe('Arpio: the account around the feed', () => {
	const app = `${account}/applications/Zt5wQe8rUy1iOp3aSd6fGh`;
	const pair = `${account}/syncPairs/111122223333/eu-central-1/444455556666/ap-northeast-1`;

	it('lists applications in any of three envelopes', () => {
		const list = (applications: 'array' | 'applications' | 'items') =>
			setup({ applications }).ask(`${account}/applications`).data;
		expect(list('array')).toHaveLength(2);
		expect(list('applications')['applications']).toHaveLength(2);
		expect(list('items')['items']).toHaveLength(2);
	});

	it('calls the id appId or id', () => {
		expect(setup().ask(app).data).toHaveProperty('appId');
		const renamed = setup({ applicationIdKey: 'id' }).ask(app).data;
		expect(renamed).toHaveProperty('id', 'Zt5wQe8rUy1iOp3aSd6fGh');
		expect(renamed).not.toHaveProperty('appId');
	});

	it('has resources, issues, recovery points and access', () => {
		const { ask } = setup();
		expect(ask(`${app}/resources`).data['resources']).toBeInstanceOf(Array);
		expect(ask(`${app}/issues`).data).toHaveLength(2);
		expect(ask(`${pair}/recoveryPoints`).data).toHaveLength(2);
		expect(ask(`${pair}/recoveryPoints?timestampStart=2026-02-11T08:40:00Z`).data).toHaveLength(1);
		expect(ask(`${pair}/recoveryPoints/hp5HT0VMBLAUJHxE4zIKeD`).data).toHaveProperty('protected', true);
		expect(ask(`${pair}/access`).data).toHaveProperty('targetIsLatest', false);
	});

	it('answers 404 to what it does not know', () => {
		const { ask } = setup();
		for (const path of [`${account}/applications/x`, `${app}/x`, `${pair}/x`, `${account}/x`])
			expect(ask(path).status).toBe(404);
	});

	it('offers the resource types without a key, or no longer', () => {
		const status = (resourceTypes: 'offered' | 'gone') =>
			asker(setup({ resourceTypes }).api, {})('/api/info/resourceTypes.json').status;
		expect([status('offered'), status('gone')]).toEqual([200, 404]);
	});
});
