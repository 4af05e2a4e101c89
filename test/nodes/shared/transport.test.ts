import { Readable } from 'node:stream';
import type { IAllExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { n8nTransport } from '../../../nodes/shared/transport';
import type { HttpRequest } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { createWorld } from '../support/world';

const credential = { id: '', name: '', type: 'auditApi', data: { apiKey: 'k' } };
const get = { method: 'GET', path: '/events' } as const;

const streamOf = (...pieces: (string | Uint8Array)[]) => Readable.from(pieces.map((piece) => Buffer.from(piece)));

/** n8n's request helper, answering or throwing what is given. */
function context(answer: (options: IHttpRequestOptions) => unknown): IAllExecuteFunctions {
	const httpRequestWithAuthentication = async (_type: string, options: IHttpRequestOptions) => answer(options);
	return { helpers: { httpRequestWithAuthentication } } as unknown as IAllExecuteFunctions;
}

const failing = async (error: unknown, signal?: AbortSignal) => {
	const transport = n8nTransport(
		context(() => {
			throw error;
		}),
		credential,
		'https://x.test',
	);
	const thrown: unknown = await transport({ ...get, signal }).catch((one: unknown) => one);
	expect(thrown).toBeInstanceOf(RequestError);
	return (thrown as RequestError).failure;
};

it('asks for a stream, for every status and for no other host, and leaves the rest to n8n', async () => {
	let asked: IHttpRequestOptions | undefined;
	const transport = n8nTransport(
		context((options) => {
			asked = options;
			return {
				statusCode: 418,
				headers: { 'X-A': 'b', 'Set-Cookie': ['c', 'd'] },
				body: streamOf('{"n":900719', '9254740993}'),
			};
		}),
		credential,
		'https://x.test/v1',
	);
	const query = { 'expand[]': ['a', 'b'], filter: 'a:ü', none: undefined };
	const reply = await transport({ method: 'POST', path: '/events', query, body: '{}' });
	expect(asked).toMatchObject({
		method: 'POST',
		url: 'https://x.test/v1/events?expand%5B%5D=a&expand%5B%5D=b&filter=a%3A%C3%BC',
		headers: { accept: 'application/json', 'content-type': 'application/json' },
		body: '{}',
		json: false,
		disableFollowRedirect: true,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	});
	expect(reply).toEqual({
		status: 418,
		headers: { 'x-a': 'b', 'set-cookie': 'c, d' },
		body: Buffer.from('{"n":9007199254740993}'),
	});
});

it('gives n8n the credential that it has got, instead of having it read and decrypted for each request', async () => {
	const httpRequestWithAuthentication = jest.fn(async () => ({ statusCode: 200, headers: {}, body: streamOf('[]') }));
	const context = { helpers: { httpRequestWithAuthentication } } as unknown as IAllExecuteFunctions;
	await n8nTransport(context, credential, 'https://x.test')(get);
	expect(httpRequestWithAuthentication.mock.calls).toEqual([
		['auditApi', expect.anything(), { credentialsDecrypted: credential }],
	]);
});

it.each([
	['its own code', { code: 'ENOTFOUND' }, { kind: 'network', code: 'ENOTFOUND' }],
	['the code of its cause', { cause: { cause: { code: 'ECONNRESET' } } }, { kind: 'network', code: 'ECONNRESET' }],
	['the code in an error response', { errorResponse: { code: 'EPIPE' } }, { kind: 'network', code: 'EPIPE' }],
	['no code', new Error('x-api-key: secret'), { kind: 'network', code: 'UNKNOWN' }],
	['nothing', undefined, { kind: 'network', code: 'UNKNOWN' }],
	['a timeout', { cause: { code: 'ECONNABORTED' } }, { kind: 'timeout', phase: 'headers' }],
	['a cancelled request', { code: 'ERR_CANCELED' }, { kind: 'aborted' }],
])('takes over %s, and nothing else', async (_what, error, failure) => {
	expect(await failing(error)).toEqual({ method: 'GET', path: '/events', ...failure });
});

it('says aborted when the execution was stopped, whatever broke', async () => {
	expect(await failing({ code: 'ECONNRESET' }, AbortSignal.abort())).toMatchObject({ kind: 'aborted' });
});

/** What becomes of an answer with this body. */
const answered = (body: Readable, given: Partial<HttpRequest> = {}, statusCode = 200) => {
	const headers = { 'Retry-After': '4' };
	return n8nTransport(
		context(() => ({ statusCode, headers, body })),
		credential,
		'https://x.test',
	)({ ...get, ...given });
};

/** A body that goes on until it is ended. */
const endless = (piece: Uint8Array | string) =>
	Readable.from(
		(function* () {
			for (;;) yield Buffer.from(piece);
		})(),
	);

const MiB = 1024 * 1024;
const megabyte = Buffer.alloc(MiB, ' ');

describe('a body without end', () => {
	it('is ended at 32 MiB', async () => {
		const body = endless(megabyte);
		const failure = { kind: 'tooLarge', limitBytes: 32 * MiB };
		await expect(answered(body)).rejects.toMatchObject({ failure });
		expect(body.destroyed).toBe(true);
	});

	it('is taken up to 32 MiB', async () => {
		const body = Readable.from(Array.from({ length: 32 }, () => megabyte));
		expect((await answered(body)).body.length).toBe(32 * MiB);
	});

	it('is skimmed as it comes, and held to the same size', async () => {
		const long = `"${'x'.repeat(MiB)}",`;
		const page = Readable.from(['{"data":[[', ...Array.from({ length: 40 }, () => long), '1]]}'].map(Buffer.from));
		const { body } = await answered(page, { skim: true });
		expect(body.length).toBeLessThan(MiB);
		expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({ data: [expect.anything()] });
		const around = endless('1,'.repeat(MiB / 2));
		await expect(answered(around, { skim: true })).rejects.toMatchObject({ failure: { kind: 'tooLarge' } });
	});

	it('that trickles is ended after a minute', async () => {
		const { clock } = createWorld();
		const body = new Readable({ read: () => undefined });
		const reply = answered(body);
		const failure = expect(reply).rejects.toMatchObject({ failure: { kind: 'timeout', phase: 'body' } });
		await new Promise(setImmediate);
		clock.advance(60_000);
		await failure;
		expect(body.destroyed).toBe(true);
	});

	it('is ended when the execution is stopped, before it or on the way', async () => {
		const controller = new AbortController();
		const body = new Readable({ read: () => undefined });
		const reply = answered(body, { signal: controller.signal });
		const failure = expect(reply).rejects.toMatchObject({ failure: { kind: 'aborted' } });
		await new Promise(setImmediate);
		controller.abort();
		await failure;
		await expect(answered(endless('x'), { signal: controller.signal })).rejects.toMatchObject({
			failure: { kind: 'aborted' },
		});
	});
});

describe('an answer whose body cannot be read', () => {
	const broken = () => {
		const body = new Readable({ read: () => undefined });
		body.destroy(Object.assign(new Error('incorrect header check'), { code: 'Z_DATA_ERROR' }));
		return body;
	};

	it('keeps status and headers of an error, however it broke', async () => {
		const answer = { status: 429, headers: { 'retry-after': '4' }, body: new Uint8Array() };
		for (const body of [broken(), endless(megabyte)]) expect(await answered(body, {}, 429)).toEqual(answer);
	});

	it('is not a success', async () => {
		await expect(answered(broken())).rejects.toMatchObject({ failure: { kind: 'network', code: 'Z_DATA_ERROR' } });
	});
});
