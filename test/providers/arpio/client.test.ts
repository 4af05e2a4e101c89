import { arpioClient } from '../../../providers/arpio/client';
import { ACCOUNT, fixtureText, httpError, query, reply, scripted } from './fixtures';

const PATH = `/api/accounts/${ACCOUNT}/auditEvents`;

describe('audit events: envelope', () => {
	it.each(['events', 'auditEvents', 'items', 'data', 'results'])('list under %s', async (key) => {
		const { call } = scripted(reply({ other: [], [key]: [{ eventId: 'a' }], nextToken: 't' }));
		const page = await arpioClient(call, ACCOUNT).auditEvents();
		const elements = [{ raw: '{"eventId":"a"}', json: { eventId: 'a' } }];
		expect(page).toMatchObject({ elements, token: 't', mayBeCut: false });
	});

	it('bare array of the documentation', async () => {
		const { call } = scripted(reply(fixtureText('audit-events-bare-array')));
		const page = await arpioClient(call, ACCOUNT).auditEvents();
		expect(page.elements).toHaveLength(6);
		expect(page).toMatchObject({ token: undefined, mayBeCut: false });
	});

	it('cuts each event byte for byte', async () => {
		const odd = '{ "eventId" :"a", "n":9007199254740993,\n"x":1.0,"x":2 }';
		const { call } = scripted(reply(`{"events":[ ${odd} ,{"eventId":"b"}]}`));
		const { elements } = await arpioClient(call, ACCOUNT).auditEvents();
		expect(elements.map(({ raw }) => raw)).toEqual([odd, '{"eventId":"b"}']);
	});

	it.each([
		[{ events: null }, undefined],
		[{ events: null, nextToken: null }, undefined],
		[{ items: null, nextToken: '', error: null }, undefined],
		[{ events: null, nextToken: 't' }, 't'],
	])('%j has no events, and says how to go on', async (body, token) => {
		const page = await arpioClient(scripted(reply(body)).call, ACCOUNT).auditEvents();
		expect(page).toMatchObject({ elements: [], token, mayBeCut: false });
	});

	it.each([
		[{ message: 'oops', hint: 1 }, 'the body is an object with the keys message, hint'],
		[{ events: null, message: 'oops' }, 'the body is an object with the keys events, message'],
		[{ events: null, error: { code: 7 } }, 'the body is an object with the keys events, error'],
		[{ events: { a: 1 } }, 'the body is an object with the keys events'],
		[{}, 'the body is an empty object'],
		['"text"', 'the body is a string'],
		['null', 'the body is null'],
	])('%j is an error that names what was seen, never an empty page', async (body, words) => {
		const { call } = scripted(reply(body));
		await expect(arpioClient(call, ACCOUNT).auditEvents()).rejects.toMatchObject({
			failure: { kind: 'malformed', path: PATH, detail: expect.stringContaining(words) as string },
		});
	});
});

describe('audit events: token', () => {
	it.each([undefined, null, '', false])('%j means last page', async (nextToken) => {
		const { call } = scripted(reply({ events: [], nextToken }));
		expect((await arpioClient(call, ACCOUNT).auditEvents()).token).toBeUndefined();
	});

	it.each([
		[{ nexttoken: 'h' }, 'h'],
		[{ 'x-next-token': 'h' }, 'h'],
		[{ link: '<https://h/x?nextToken=a%3D%2Bb&pageSize=1>; rel="next"' }, 'a=+b'],
		[{ link: '<https://h/x?nextToken=p>; rel="prev", <https://h/x?nextToken=n>; rel=next' }, 'n'],
		[{ link: '<https://h/x?nextToken=p>; rel="prev"' }, undefined],
		[{ link: '<https://h/x?nextToken=%E0>; rel="next"' }, undefined],
	])('from the headers %j', async (headers, token) => {
		const { call } = scripted(reply([], headers));
		expect((await arpioClient(call, ACCOUNT).auditEvents()).token).toBe(token);
	});

	it('of another type is an error, not the end', async () => {
		const { call } = scripted(reply({ events: [], nextToken: { s3: 1 } }));
		await expect(arpioClient(call, ACCOUNT).auditEvents()).rejects.toThrow('nextToken is of type object');
	});
});

describe('audit events: request', () => {
	it('sends microseconds, the lower bound rounded down and the upper one up', async () => {
		const { call, requests } = scripted(reply([]));
		await arpioClient(call, ACCOUNT).auditEvents({ from: 1_770_800_400_123_456_789n, to: 1_770_800_400_123_456_001n });
		await arpioClient(call, ACCOUNT).auditEvents({ from: 1_770_800_400_000_000_000n, to: 1_770_800_400_999_999_001n });
		expect(requests[0]).toMatchObject({ method: 'GET', path: PATH });
		expect(query(requests[0])).toEqual({
			timestampStart: '2026-02-11T09:00:00.123456Z',
			timestampEnd: '2026-02-11T09:00:00.123457Z',
			pageSize: '100',
		});
		expect(query(requests[1])).toMatchObject({
			timestampStart: '2026-02-11T09:00:00.000000Z',
			timestampEnd: '2026-02-11T09:00:01.000000Z',
		});
	});

	it.each([400, 422])('drops the page size for good after %d', async (status) => {
		const { call, requests } = scripted(
			httpError(status),
			reply({ events: [], nextToken: 't' }),
			reply({ events: [] }),
		);
		const client = arpioClient(call, ACCOUNT);
		await client.auditEvents({ from: 0n, pageSize: 500 });
		await client.auditEvents({ from: 0n, pageSize: 500, token: 't' });
		expect(requests.map(query)).toEqual([
			{ timestampStart: '1970-01-01T00:00:00.000000Z', pageSize: '500' },
			{ timestampStart: '1970-01-01T00:00:00.000000Z' },
			{ timestampStart: '1970-01-01T00:00:00.000000Z', nextToken: 't' },
		]);
	});

	it('keeps the page size when it was not to blame', async () => {
		const { call, requests } = scripted(httpError(400), httpError(400, 'bad account'), reply({ events: [] }));
		const client = arpioClient(call, ACCOUNT);
		await expect(client.auditEvents()).rejects.toThrow('bad account');
		await client.auditEvents();
		expect(query(requests[2])).toEqual({ pageSize: '100' });
	});

	it.each([
		[100, 99, false],
		[100, 100, true],
		[5, 5, true],
	])('page size %d: a bare array of %d may be cut: %s', async (pageSize, length, mayBeCut) => {
		const { call } = scripted(reply(Array.from({ length }, (_, index) => ({ eventId: String(index) }))));
		expect((await arpioClient(call, ACCOUNT).auditEvents({ pageSize })).mayBeCut).toBe(mayBeCut);
	});
});

describe('other reads', () => {
	it.each([
		['bare array', fixtureText('applications')],
		['applications', `{"applications":${fixtureText('applications')}}`],
		['items', `{"items":${fixtureText('applications')}}`],
	])('applications as %s', async (_name, body) => {
		const { call, requests } = scripted(reply(body));
		const applications = await arpioClient(call, ACCOUNT).applications();
		expect(applications.map(({ appId }) => appId)).toEqual(['Zt5wQe8rUy1iOp3aSd6fGh', 'Jk2lMn4bVc6xZa8sDf0gHj']);
		expect(requests[0]).toMatchObject({ path: `/api/accounts/${ACCOUNT}/applications` });
	});

	it('application with id instead of appId', async () => {
		const { call, requests } = scripted(reply({ id: 'x', name: 'n' }));
		expect(await arpioClient(call, ACCOUNT).application('a/b')).toEqual({ id: 'x', appId: 'x', name: 'n' });
		expect(requests[0]?.path).toBe(`/api/accounts/${ACCOUNT}/applications/a%2Fb`);
	});

	it('application that is none', async () => {
		await expect(arpioClient(scripted(reply([])).call, ACCOUNT).application('a')).rejects.toThrow('not an application');
	});

	it('resources with their replication status', async () => {
		const resources = await arpioClient(scripted(reply(fixtureText('application-resources'))).call, ACCOUNT).resources(
			'a',
		);
		expect(resources.map(({ backupStatus }) => backupStatus?.state)).toEqual(['ok', 'failed', 'ok']);
	});

	it('issues without their wrapping', async () => {
		const issues = await arpioClient(scripted(reply(fixtureText('application-issues'))).call, ACCOUNT).issues('a');
		expect(issues.map(({ type }) => type)).toEqual(['acmCertificateNotFound', 'someOtherIssueType']);
	});

	it('recovery points of a pair in a span', async () => {
		const { call, requests } = scripted(reply(fixtureText('recovery-points')));
		const pair = {
			sourceAwsAccountId: '111122223333',
			sourceRegion: 'eu-central-1',
			targetAwsAccountId: '444455556666',
			targetRegion: 'ap-northeast-1',
		};
		const points = await arpioClient(call, ACCOUNT).recoveryPoints(pair, { from: 1_770_800_400_000_000_000n });
		expect(points.map((point) => point.protected)).toEqual([false, true]);
		expect(requests[0]?.path).toBe(
			`/api/accounts/${ACCOUNT}/syncPairs/111122223333/eu-central-1/444455556666/ap-northeast-1/recoveryPoints`,
		);
		expect(query(requests[0])).toEqual({ timestampStart: '2026-02-11T09:00:00.000000Z' });
	});

	it('resource types that are not offered', async () => {
		expect(await arpioClient(scripted(httpError(404)).call, ACCOUNT).resourceTypes()).toBeUndefined();
		await expect(arpioClient(scripted(httpError(500)).call, ACCOUNT).resourceTypes()).rejects.toThrow('500');
	});
});
