import type { IAllExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { n8nTransport } from '../../../nodes/shared/transport';
import { RequestError } from '../../../providers/failure';

const credential = { id: '', name: '', type: 'auditApi', data: { apiKey: 'k' } };
const get = { method: 'GET', path: '/events' } as const;

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

it('asks for bytes and for every status, and leaves the rest to n8n', async () => {
	let asked: IHttpRequestOptions | undefined;
	const transport = n8nTransport(
		context((options) => {
			asked = options;
			return { statusCode: 418, headers: { 'X-A': 'b', 'Set-Cookie': ['c', 'd'] }, body: '{"n":9007199254740993}' };
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
		encoding: 'arraybuffer',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	});
	expect(reply).toEqual({
		status: 418,
		headers: { 'x-a': 'b', 'set-cookie': 'c, d' },
		body: Buffer.from('{"n":9007199254740993}'),
	});
});

it('gives bytes as they are', async () => {
	const body = Buffer.from('{"name":"Zoë 🦊","n":9007199254740993}');
	const transport = n8nTransport(
		context(() => ({ statusCode: 200, headers: {}, body })),
		credential,
		'https://x.test',
	);
	expect((await transport(get)).body).toBe(body);
});

it('gives n8n the credential that it has got, instead of having it read and decrypted for each request', async () => {
	const httpRequestWithAuthentication = jest.fn(async () => ({ statusCode: 200, headers: {}, body: '[]' }));
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

describe('an answer whose body cannot be unpacked', () => {
	/** As n8n wraps what its client throws. */
	const thrown = (status: number) =>
		n8nTransport(
			context(() => {
				const response = { status, headers: { 'Retry-After': '4' } };
				const cause = Object.assign(new Error('incorrect header check'), { code: 'Z_DATA_ERROR', response });
				throw new Error('the request failed', { cause });
			}),
			credential,
			'https://x.test',
		);

	it('keeps status and headers of an error', async () => {
		const answer = { status: 429, headers: { 'retry-after': '4' }, body: new Uint8Array() };
		expect(await thrown(429)(get)).toEqual(answer);
	});

	it('is no success', async () => {
		await expect(thrown(200)(get)).rejects.toMatchObject({ failure: { kind: 'network', code: 'Z_DATA_ERROR' } });
	});

	it('is nothing any more once it was stopped', async () => {
		const stopped = thrown(429)({ ...get, signal: AbortSignal.abort() });
		await expect(stopped).rejects.toMatchObject({ failure: { kind: 'aborted' } });
	});
});
