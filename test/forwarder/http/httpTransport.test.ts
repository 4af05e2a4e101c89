import { createServer, type ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { nextLink } from '../../../providers/declared/link';
import { SecretError } from '../../../forwarder/config/secrets';
import { CANARY, failure, GET, listen, transportTo } from './support';

describe('request', () => {
	test('repeats names of lists, leaves out what is undefined, sends JSON', async () => {
		const send = await transportTo(
			(request, response) => {
				const chunks: Buffer[] = [];
				request
					.on('data', (chunk: Buffer) => chunks.push(chunk))
					.on('end', () => {
						const { authorization, 'content-type': type, 'user-agent': agent } = request.headers;
						const sent = { url: request.url, method: request.method, type, agent, authorization };
						response.end(JSON.stringify({ ...sent, body: Buffer.concat(chunks).toString() }));
					});
			},
			{ userAgent: 'audit-relay/1' },
		);
		const query = { 'expand[]': ['actor', 'a b'], none: undefined, q: '"x"&y' };
		const reply = await send({ method: 'POST', path: '/v1/events', query, body: '{"a":1.0}' });
		expect(JSON.parse(String(reply.body))).toEqual({
			url: '/v1/events?expand%5B%5D=actor&expand%5B%5D=a%20b&q=%22x%22%26y',
			method: 'POST',
			type: 'application/json',
			agent: 'audit-relay/1',
			authorization: `Bearer ${CANARY}`,
			body: '{"a":1.0}',
		});
	});

	test('a header that comes twice arrives as one, as links of pages do', async () => {
		const send = await transportTo((_request, response) => {
			response.writeHead(200, { link: ['</a>; rel="previous"', '</b?after=2>; rel="next"'] }).end('[]');
		});
		expect(nextLink((await send(GET)).headers['link'])).toMatchObject({ address: '/b?after=2' });
	});

	test('reads the key again for every request', async () => {
		let key = 'first-key';
		const send = await transportTo((request, response) => response.end(JSON.stringify(request.headers['x-api-key'])), {
			headers: async () => ({ 'x-api-key': key }),
		});
		await send(GET);
		key = 'other';
		expect(String((await send(GET)).body)).toBe('"other"');
	});

	test('a key that is not a header value is not sent, nor told', async () => {
		const send = await transportTo(() => undefined, { headers: async () => ({ authorization: `${CANARY}\n` }) });
		expect(await failure(send(GET))).toMatchObject({ kind: 'network', code: 'ERR_INVALID_CHAR' });
	});

	test('so many at once that are due together after a standstill, and the others in turn; one that is given up leaves the queue', async () => {
		let [now, most] = [0, 0];
		const held: ServerResponse[] = [];
		const send = await transportTo((_request, response) => {
			most = Math.max(most, ++now);
			held.push(response);
		});
		const stop = new AbortController();
		const all = Array.from({ length: 520 }, () => send(GET));
		const givenUp = failure(send({ ...GET, signal: stop.signal }));
		while (held.length < 512) await nextTurn();
		stop.abort();
		expect(await givenUp).toMatchObject({ kind: 'aborted' });
		for (let answered = 0; answered < 520; answered++) {
			while (held.length === 0) await nextTurn();
			now--;
			held.shift()!.end('[]');
		}
		await Promise.all(all);
		expect(most).toBe(512);
	});

	test('a connection is kept for the next request', async () => {
		const ports = new Set<number | undefined>();
		const send = await transportTo((request, response) => response.end(`${ports.add(request.socket.remotePort).size}`));
		for (let n = 0; n < 3; n++) expect(String((await send(GET)).body)).toBe('1');
	});

	test('a key that cannot be read counts as refused, and the place is named', async () => {
		const send = await transportTo(() => undefined, {
			headers: () => Promise.reject(new SecretError('file /run/secrets/arpio cannot be read (ENOENT)')),
		});
		expect(await failure(send(GET))).toMatchObject({
			kind: 'http',
			status: 401,
			code: 'credentials_unreadable',
			message: 'file /run/secrets/arpio cannot be read (ENOENT)',
		});
	});
});

describe('answer', () => {
	test.each([200, 204, 400, 500])('status %i is an answer, no error', async (status) => {
		const send = await transportTo((_, response) => response.writeHead(status, { 'X-Request-Id': 'r1' }).end());
		expect(await send(GET)).toMatchObject({ status, headers: { 'x-request-id': 'r1' }, body: Buffer.of() });
	});

	test('a redirect is not followed: the key stays here', async () => {
		const seen: string[] = [];
		const other = await listen(createServer((request, response) => response.end(seen.push(request.url ?? '') + '')));
		const location = `http://127.0.0.1:${other}/steal`;
		const send = await transportTo((_, response) => response.writeHead(302, { location }).end());
		expect(await send(GET)).toMatchObject({ status: 302, headers: { location } });
		expect(seen).toEqual([]);
	});

	test('gzip is unpacked, numbers and letters stay as they are', async () => {
		const text = '{"n":12345678901234567890.10,"s":"ü😀"}';
		const send = await transportTo((_, response) => {
			response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text));
		});
		expect(String((await send(GET)).body)).toBe(text);
	});

	test('an encoding that was not asked for', async () => {
		const send = await transportTo((_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('x'));
		expect(await failure(send(GET))).toMatchObject({ kind: 'network', code: 'UNKNOWN_CONTENT_ENCODING' });
	});

	test.each(['gzip', 'br', 'zstd', 'identity'])(
		'an empty body stays empty, also when it is labelled %s',
		async (label) => {
			const send = await transportTo((request, response) => {
				response.writeHead(request.url === '/ok' ? 200 : 429, { 'content-encoding': label, 'retry-after': '4' }).end();
			});
			const answer = { headers: { 'retry-after': '4' }, body: Buffer.of() };
			expect(await send(GET)).toMatchObject({ status: 429, ...answer });
			expect(await send({ ...GET, path: '/ok' })).toMatchObject({ status: 200, ...answer });
		},
	);

	test.each<[string, Record<string, string>, (response: ServerResponse) => void]>([
		['is not gzip', { 'content-encoding': 'gzip' }, (response) => response.end('slow down')],
		['has an encoding nobody asked for', { 'content-encoding': 'br' }, (response) => response.end('x')],
		['breaks off', { 'content-length': '9' }, (response) => response.write('slow', () => response.destroy())],
		['never ends', {}, (response) => void response.write('slow')],
		['is too large', {}, (response) => response.end('x'.repeat(2001))],
	])('of an error whose body %s, status and headers count', async (_, label, finish) => {
		const send = await transportTo(
			(_request, response) => finish(response.writeHead(429, { 'retry-after': '4', ...label })),
			{ bodyTimeoutMs: 200, maxBodyBytes: 2000 },
		);
		expect(await send(GET)).toMatchObject({ status: 429, headers: { 'retry-after': '4' } });
	});

	test('a stop while the body of an error is read is a stop', async () => {
		const stop = new AbortController();
		const send = await transportTo((_, response) => void response.writeHead(429).write('slow', () => stop.abort()));
		expect(await failure(send({ ...GET, signal: stop.signal }))).toMatchObject({ kind: 'aborted' });
	});

	test('an error text that repeats the key is cleaned, events are not touched', async () => {
		const events = `${' '.repeat(200)}[{"note":"${CANARY}"}]`;
		const send = await transportTo((request, response) => {
			response.writeHead(request.url === '/ok' ? 200 : 401).end(request.url === '/ok' ? events : `bad key ${CANARY}`);
		});
		expect(String((await send(GET)).body)).toBe('bad key [REDACTED]');
		expect(String((await send({ ...GET, path: '/ok' })).body)).toBe(events);
	});
});

describe('size', () => {
	test.each([
		['announced', { 'content-length': '2000' }, Buffer.alloc(2000, 'x')],
		['in pieces', {}, Buffer.alloc(2000, 'x')],
		['packed', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(1_000_000))],
	])('a body above the limit, %s', async (_, headers, body) => {
		const send = await transportTo((_request, response) => response.writeHead(200, headers).end(body), {
			maxBodyBytes: 1999,
		});
		expect(await failure(send(GET))).toEqual({ method: 'GET', path: '/events', kind: 'tooLarge', limitBytes: 1999 });
	});

	test('a body of exactly the limit', async () => {
		const send = await transportTo((_, response) => response.end('x'.repeat(2000)), { maxBodyBytes: 2000 });
		expect((await send(GET)).body).toHaveLength(2000);
	});

	test.each([
		['plain', {}, (text: string) => Buffer.from(text)],
		['packed', { 'content-encoding': 'gzip' }, (text: string) => gzipSync(text)],
	])('skimmed, a body may be larger: what is too long in it is left out, %s', async (_, headers, packed) => {
		const text = JSON.stringify({ data: [{ text: 'x'.repeat(3_000_000), id: 'e1' }], next_cursor: 'c' });
		const send = await transportTo((_request, response) => response.writeHead(200, headers).end(packed(text)), {
			...{ maxBodyBytes: 2000, maxSkimmedBytes: 4_000_000 },
		});
		expect((await failure(send(GET))).kind).toBe('tooLarge');
		const { body } = await send({ ...GET, skim: true });
		expect(body.length).toBeLessThan(2000);
		expect(JSON.parse(String(body))).toMatchObject({ data: [{ id: 'e1' }], next_cursor: 'c' });
	});

	test('a skimmed body has a limit of its own', async () => {
		const send = await transportTo((_, response) => response.end(`["${'x'.repeat(3_000_000)}"]`), {
			maxSkimmedBytes: 2_000_000,
		});
		const failed = failure(send({ ...GET, skim: true }));
		expect(await failed).toMatchObject({ kind: 'tooLarge', limitBytes: 2_000_000 });
	});
});
