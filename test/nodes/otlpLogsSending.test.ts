/** How the OTLP Logs node sends, and what it makes of answers. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NodeApiError } from 'n8n-workflow';
import type { Answer } from '../../sandbox/receiver';
import { shipping, type Shipping } from './support/receiver';

let scene: Shipping;
beforeEach(async () => (scene = await shipping()));
afterEach(() => scene.end());

const pairs = (items: { pairedItem?: unknown }[]) =>
	items.map(({ pairedItem }) => (pairedItem as { item: number }).item);

const byHand = { mapping: 'manual', eventName: 'shop.order.deleted', body: 'gone', serviceName: 'shop' };

describe('the endpoint', () => {
	it.each(['', '/', '/v1/logs', '/v1/logs/', '?token=a%2Fb', '/v1/logs?token=a%2Fb', '/otlp/?token=a%2Fb&x=1#top'])(
		'with %j keeps its query behind the path of OTLP',
		async (rest) => {
			const endpoint = `https://siem.test${rest} `;
			scene.world.credentials.otlpApi = { preset: 'collector', endpoint, secretHeaders: '' };
			const urls: string[] = [];
			const { elsewhere } = scene.world;
			scene.world.elsewhere = (options) => {
				urls.push(options.url);
				return elsewhere!({ ...options, url: `${scene.receiver.url}/v1/logs` });
			};
			await scene.ship([{}]);
			const query = /\?[^# ]*/.exec(rest)?.[0] ?? '';
			expect(urls).toEqual([`https://siem.test${rest.startsWith('/otlp') ? '/otlp' : ''}/v1/logs${query}`]);
		},
	);

	it.each(['siem.test:4318', 'ftp://siem.test', 'https://', 'https://a b'])('refuses %j', async (endpoint) => {
		scene.world.credentials.otlpApi = { preset: 'collector', endpoint, secretHeaders: '' };
		await expect(scene.ship([{}])).rejects.toThrow(/endpoint in the credential is not a URL/);
	});
});

describe('a receiver that is away', () => {
	const away = (ms: number, status = 503) => {
		const back = scene.world.clock.now() + ms;
		scene.receiver.setAnswers(() => (scene.world.clock.now() < back ? { kind: 'status', status } : undefined));
	};

	it.each([15_000, 60_000, 110_000])('for %i ms costs no event', async (ms) => {
		away(ms);
		const { accepted } = await scene.ship([{ n: 1 }, { n: 2 }]);
		expect(accepted).toHaveLength(2);
		expect(scene.receiver.stored).toHaveLength(2);
	});

	it.each([0, 20, 300])('is tried for %i s where that is set, and then it is said', async (keepTryingFor) => {
		away(1e9);
		const start = scene.world.clock.now();
		const run = scene.ship([{}], { parameters: { options: { keepTryingFor } } });
		await expect(run).rejects.toThrow(/The OTLP receiver is not available right now/);
		expect(scene.world.clock.now() - start).toBe(keepTryingFor * 1000);
	});

	it.each(['soon', '', -1])('is not tried at all for %j, which is no time', async (keepTryingFor) => {
		await expect(scene.ship([{}], { parameters: { options: { keepTryingFor } } })).rejects.toMatchObject({
			message: 'Keep Trying For is not a number from 0 on',
		});
		expect(scene.receiver.requests).toHaveLength(0);
	});

	it('is not waited for when it asks for more time than there is', async () => {
		const start = scene.world.clock.now();
		scene.receiver.setAnswers(() => ({ kind: 'status', status: 429, retryAfter: { seconds: 3600 } }));
		await expect(scene.ship([{}])).rejects.toMatchObject({ failure: { retryAfterMs: 3_600_000 } });
		expect(scene.world.clock.now()).toBe(start);
	});

	it('is waited for once with Continue on Fail, not again for each batch', async () => {
		away(1e9);
		const start = scene.world.clock.now();
		const items = Array.from({ length: 5 }, (_, n) => ({ n }));
		const parameters = { options: { batchSize: 1 } };
		const { rejected } = await scene.ship(items, { parameters, continueOnFail: true });
		expect(rejected).toHaveLength(5);
		expect(scene.world.clock.now() - start).toBe(120_000);
	});
});

describe('what is certain', () => {
	it.each<[string, Answer, boolean]>([
		['refused with 401', { kind: 'status', status: 401 }, true],
		['asked to wait with 429', { kind: 'status', status: 429 }, true],
		['answered with 502 in its place', { kind: 'status', status: 502 }, false],
		['cut off after it was sent', { kind: 'reset', when: 'after' }, false],
		['answered by something else', { kind: 'html', status: 200 }, false],
	])('of a request that was %s', async (_what, answer, certain) => {
		scene.receiver.setAnswers(() => answer);
		const parameters = { options: { keepTryingFor: 5 } };
		const { rejected } = await scene.ship([{}], { parameters, continueOnFail: true });
		expect(rejected[0]!.json.rejection).toMatchObject({ certain });
	});

	it('of a record that was refused after an answer was lost: nobody knows whether the first attempt brought it in', async () => {
		scene.receiver.setAnswers((number) =>
			number === 1 ? { kind: 'reset', when: 'after' } : { kind: 'status', status: 400, body: 'no' },
		);
		const { rejected } = await scene.ship([{}]);
		expect(rejected[0]!.json.rejection).toMatchObject({ status: 400, certain: false });
	});

	it('of a receiver that nobody reached', async () => {
		scene.world.interfere = () => 'ECONNREFUSED';
		const parameters = { options: { keepTryingFor: 5 } };
		const { rejected } = await scene.ship([{}], { parameters, continueOnFail: true });
		expect(rejected[0]!.json.rejection).toMatchObject({ certain: true });
	});
});

describe('batches', () => {
	const items = Array.from({ length: 10 }, (_, number) => ({ number }));
	const given = (parameters = {}) => ({ parameters: { ...byHand, options: { batchSize: 4 }, ...parameters } });

	it('sends no more records at once than asked for', async () => {
		await scene.ship(items, given());
		expect(scene.receiver.requests.map(({ records }) => records.length)).toEqual([4, 4, 2]);
	});

	it('sends large records in smaller batches', async () => {
		await scene.ship(items, given({ body: 'x'.repeat(400_000) }));
		expect(scene.receiver.requests.map(({ records }) => records.length)).toEqual([2, 2, 2, 2, 2]);
	});

	it('tries again while the receiver is busy, as long as it asks for', async () => {
		const start = scene.world.clock.now();
		scene.receiver.setAnswers((number) =>
			number === 2 ? { kind: 'status', status: 429, retryAfter: { seconds: 30 } } : undefined,
		);
		const { accepted } = await scene.ship(items, given());
		expect(accepted).toHaveLength(10);
		expect(scene.world.clock.now() - start).toBeGreaterThanOrEqual(30_000);
		expect(scene.receiver.stored).toHaveLength(10);
	});

	it('finds the record that a receiver refuses, and ships the others', async () => {
		scene.receiver.setAnswers((_number, { body }) =>
			body.includes('poison') ? { kind: 'status', status: 400, body: 'bad record' } : undefined,
		);
		const poisoned = (item: number) => ({ ...given().parameters, body: item === 5 ? 'poison' : 'fine' });
		const { accepted, rejected } = await scene.ship(items, { parameters: poisoned });
		expect(pairs(accepted)).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9]);
		expect(rejected).toEqual([
			{
				json: {
					number: 5,
					rejection: { reason: expect.stringContaining('bad record') as string, status: 400, certain: true },
				},
				pairedItem: { item: 5 },
			},
		]);
		expect(scene.receiver.stored).toHaveLength(9);
	});

	it('does not ask about every single record when none is taken', async () => {
		scene.receiver.setAnswers(() => ({ kind: 'status', status: 400, body: 'no' }));
		const many = Array.from({ length: 200 }, () => ({}));
		const { rejected } = await scene.ship(many, { parameters: byHand });
		expect(rejected).toHaveLength(200);
		expect(scene.receiver.requests.length).toBeLessThan(25);
	});

	it('halves a batch that is too large', async () => {
		scene.receiver.setAnswers((_number, { records }) =>
			records.length > 1 ? { kind: 'status', status: 413 } : undefined,
		);
		const { accepted } = await scene.ship(items, given());
		expect(accepted).toHaveLength(10);
	});

	it('finds which records of a partial success were refused, and ships the others', async () => {
		scene.receiver.setAnswers((_number, { body, records }) => {
			const bad = records.filter((record) => JSON.stringify(record).includes('poison')).length;
			return body.includes('poison') ? { kind: 'partial', rejected: bad, message: 'too long' } : undefined;
		});
		const many = Array.from({ length: 600 }, () => ({}));
		const poisoned = (item: number) => ({ ...byHand, body: item === 77 || item === 310 ? 'poison' : 'fine' });
		const { accepted, rejected } = await scene.ship(many, { parameters: poisoned });
		expect(accepted).toHaveLength(598);
		expect(pairs(rejected)).toEqual([77, 310]);
		const reason = 'The record was refused: too long';
		expect(rejected.map(({ json }) => json.rejection)).toEqual(
			[1, 2].map(() => ({ reason, status: 200, certain: true })),
		);
		const sent = scene.receiver.requests.reduce((sum, { records }) => sum + records.length, 0);
		expect(sent).toBeLessThanOrEqual(600 + 2 * 512);
	});

	it('tells that records may have been taken or not, when it cannot be found out', async () => {
		scene.receiver.setAnswers((number) =>
			number === 1 ? { kind: 'partial', rejected: 300, message: 'quota' } : undefined,
		);
		const many = Array.from({ length: 600 }, () => ({}));
		const { accepted, rejected } = await scene.ship(many, { parameters: byHand });
		expect(accepted.length + rejected.length).toBe(600);
		expect(rejected.length).toBeGreaterThan(0);
		expect(rejected[0]!.json.rejection).toEqual({
			reason: expect.stringMatching(
				/300 of 512 records refused: quota; unknown which.*may have been taken or not/s,
			) as string,
			status: 200,
			certain: false,
		});
	});

	it('calls refused what is refused as a whole in the words of a partial success', async () => {
		scene.receiver.setAnswers((_number, { records }) => ({
			kind: 'partial',
			rejected: records.length,
			message: 'old',
		}));
		const { rejected } = await scene.ship(items, given());
		expect(rejected).toHaveLength(10);
		expect(rejected[0]!.json.rejection).toMatchObject({ certain: true });
		expect(scene.receiver.requests).toHaveLength(3);
	});

	it('takes no other JSON for an acknowledgement', async () => {
		scene.receiver.setAnswers(() => ({ kind: 'json', body: { error: 'nope' } }));
		const error = (await scene.ship(items, given()).catch((thrown: unknown) => thrown)) as NodeApiError;
		expect(error.description).toMatch(/not an OTLP answer/);
	});

	it('does not take a login page for an acknowledgement', async () => {
		scene.receiver.setAnswers(() => ({ kind: 'html', status: 200 }));
		await expect(scene.ship(items, given())).rejects.toThrow(/not the answer/);
	});

	it('does not follow a redirect, which would carry the headers to another host and send nothing there', async () => {
		const redirecting = createServer((_request, response) => {
			response.writeHead(302, { location: scene.receiver.url }).end();
		});
		await once(redirecting.listen(0, '127.0.0.1'), 'listening');
		const { port } = redirecting.address() as AddressInfo;
		scene.world.credentials.otlpApi!.endpoint = `http://127.0.0.1:${port}`;
		await expect(scene.ship(items, given())).rejects.toThrow(/answered with a redirect/);
		expect(scene.receiver.requests).toEqual([]);
		redirecting.close();
	});

	it('stops when nothing can get through, and tells how much did before', async () => {
		scene.receiver.setAnswers((number) => (number > 1 ? { kind: 'status', status: 401 } : undefined));
		const error = (await scene.ship(items, given()).catch((thrown: unknown) => thrown)) as NodeApiError;
		expect(error.message).toMatch(/did not accept the API key/);
		expect(error.description).toMatch(/4 items were shipped before/);
		expect(error).toMatchObject({ failure: { cause: 'credential-invalid' }, context: { itemIndex: 4 } });
	});

	it('sorts what cannot be shipped into Rejected with Continue on Fail, and goes on', async () => {
		scene.receiver.setAnswers((number) => (number === 2 ? { kind: 'status', status: 401 } : undefined));
		const wrong = (item: number) => ({ ...given().parameters, severity: item === 0 ? 99 : 9 });
		const { accepted, rejected } = await scene.ship(items, { parameters: wrong, continueOnFail: true });
		expect(pairs(rejected)).toEqual([0, 5, 6, 7, 8]);
		expect(pairs(accepted)).toEqual([1, 2, 3, 4, 9]);
	});

	it('stops when the execution is cancelled', async () => {
		const controller = new AbortController();
		scene.receiver.setAnswers(() => {
			controller.abort();
			return { kind: 'status', status: 503, retryAfter: { seconds: 600 } };
		});
		const run = scene.ship(items, { ...given(), signal: controller.signal, continueOnFail: true });
		await expect(run).rejects.toThrow(/was cancelled/);
	});
});
