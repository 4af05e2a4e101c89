import { cpuMs } from '../../support/cpu';
import { inspect } from 'node:util';
import type { HttpResponse } from '../../../core/contract';
import { RequestError, type Failure } from '../../../core/http/failure';
import { readingJson } from '../../../core/http/readJson';
import arcusErrors from '../../../sandbox/fixtures/arcus-errors.json';
import arpioErrors from '../../../sandbox/fixtures/arpio-errors.json';
import auditapiErrors from '../../../sandbox/fixtures/auditapi-errors.json';
import { START, testClock } from './testClock';

type Given = Partial<Omit<HttpResponse, 'body'>> & { body?: string };

async function errorOf({ body = '', ...response }: Given): Promise<RequestError> {
	const call = readingJson(
		async () => ({ status: 200, headers: {}, ...response, body: Buffer.from(body) }),
		testClock(),
	);
	const error: unknown = await call({ method: 'GET', path: '/x' }).catch((thrown: unknown) => thrown);
	expect(error).toBeInstanceOf(RequestError);
	return error as RequestError;
}

const failureOf = async (response: Given): Promise<Failure> => (await errorOf(response)).failure;

const detailOf = async (response: Given): Promise<string> => {
	const failure = await failureOf(response);
	return failure.kind === 'malformed' ? failure.detail : `not malformed but ${failure.kind}`;
};

/** A fixture has its body parsed, or as text when it is not JSON. */
function asResponse({ status, headers, body }: { status: number; headers: object; body: unknown }): Given {
	const given = headers as Record<string, string>;
	return { status, headers: given, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

it('gives the bytes and the text of elements as received beside the parsed body', async () => {
	const body = Buffer.from('{"list":[{"n": 9007199254740993}]}');
	const call = readingJson(async () => ({ status: 200, headers: { a: 'b' }, body }), testClock());
	expect(await call({ method: 'GET', path: '/x' })).toEqual({
		status: 200,
		headers: { a: 'b' },
		body,
		json: JSON.parse(body.toString()) as unknown,
		lists: new Map([['list', [{ raw: '{"n": 9007199254740993}', json: { n: 9007199254740992 } }]]]),
	});
});

describe('error answers', () => {
	it.each([
		[401, { message: 'Authentication required' }],
		[403, { message: 'Access denied' }],
		[404, { message: 'Not found' }],
		[409, { message: 'AWS account already exists' }],
		[429, { message: 'HTML page' }],
		[502, { message: 'HTML page "502 Bad Gateway"' }],
	])('Arpio %d', async (status, expected) => {
		const fixture = arpioErrors.find((entry) => entry.status === status)!;
		expect(await failureOf(asResponse(fixture))).toEqual({
			method: 'GET',
			path: '/x',
			kind: 'http',
			status,
			...expected,
		});
	});

	it('Arcus: words for people from the hint, the code beside them', async () => {
		const [missingKey, scope] = arcusErrors;
		expect(await failureOf(asResponse(missingKey!))).toMatchObject({
			message: 'Send the API key as a Bearer token.',
			code: 'missing_api_key',
			requestId: 'req_FO9Thqw8l7OCJpGXFHnNR2ZprP',
		});
		expect(await failureOf(asResponse(scope!))).toMatchObject({ code: 'insufficient_scope', required: 'audit:read' });
	});

	it('Arcus: both waits of a 429, and the parameter of a 422', async () => {
		const limited = arcusErrors.find(({ status }) => status === 429)!;
		expect(await failureOf(asResponse(limited))).toMatchObject({
			retryAfterMs: 12_000,
			resetMs: 1_770_808_860_000 - START,
		});
		const invalid = arcusErrors.find(({ status }) => status === 422)!;
		expect(await failureOf(asResponse(invalid))).toMatchObject({
			param: 'limit',
			message: 'limit must be between 1 and 200',
		});
	});

	it.each([
		[401, { message: 'Unauthorized' }],
		[402, { message: 'Over quota', code: 'over_quota' }],
		[404, { message: 'Not found' }],
		[413, { message: 'Payload too large' }],
		[422, { message: 'limit: must be between 1 and 100' }],
		[429, { message: 'Too many requests' }],
		[500, {}],
	])('AuditAPI %d', async (status, expected) => {
		const fixture = auditapiErrors.find((entry) => entry.status === status)!;
		expect(await failureOf(asResponse(fixture))).toEqual({
			method: 'GET',
			path: '/x',
			kind: 'http',
			status,
			...expected,
		});
	});

	it.each([
		['{"title":"Bad","detail":"No such day"}', 'No such day'],
		['{"title":"Bad"}', 'Bad'],
		['{"error":"not_found"}', 'not_found'],
		['{"errors":[{"message":"a"},{"detail":"b"},7]}', 'a; b; 7'],
		['upstream\n\tdown', 'upstream down'],
		['{"error": cut', '{"error": cut'],
		['[1]', '[1]'],
		['{}', undefined],
		['{"error":{},"message":[],"errors":null}', '{"error":{},"message":[],"errors":null}'],
	])('finds the words of %s', async (body, message) => {
		const failure = await failureOf({ status: 400, body });
		expect(failure.kind === 'http' && failure.message).toBe(message);
	});

	it('cuts long words', async () => {
		const failure = await failureOf({ status: 500, body: 'x'.repeat(1_000_000) });
		expect(failure).toMatchObject({ message: 'x'.repeat(500) });
	});

	it('takes the request id from a header when the body has none', async () => {
		const failure = await failureOf({ status: 500, headers: { 'x-request-id': 'abc' }, body: '{}' });
		expect(failure).toMatchObject({ requestId: 'abc' });
	});

	it('treats a redirect as an error', async () => {
		expect(await failureOf({ status: 302 })).toMatchObject({ kind: 'http', status: 302 });
	});

	it('reads JSON even when it is labelled as HTML', async () => {
		const headers = { 'content-type': 'text/html' };
		expect(await failureOf({ status: 400, headers, body: '{"message":"no"}' })).toMatchObject({ message: 'no' });
	});
});

describe('2xx without JSON', () => {
	it.each([
		[{ body: '' }, 'the body is empty'],
		[{ status: 204, body: ' \n' }, 'the body is empty'],
		[
			{ body: '<!DOCTYPE html><title>Sign in</title><p>secret' },
			'the answer is an HTML page "Sign in" instead of JSON',
		],
		[
			{ body: '{"events":[{"a":1},', headers: { 'content-type': 'application/json' } },
			'the body is cut-off JSON (19 characters, application/json)',
		],
		[{ body: 'OK' }, 'the body is not JSON (2 characters, no content type)'],
	])('%j', async (response, detail) => {
		expect(await detailOf(response)).toBe(detail);
	});
});

describe('keys', () => {
	const arpioKey = 'kEy4Z8xC2vB6nM0aS3dF7g:s3cr3t-s3cr3t-s3cr3t';
	const arcusKey = 'sk_live_0123456789abcdef';

	it.each([
		JSON.stringify({ message: `Invalid key ${arpioKey}` }),
		JSON.stringify({ error: { message: `Invalid key ${arcusKey}` } }),
		JSON.stringify({ errors: [`Bearer ${arcusKey} is wrong`] }),
		`x-api-key: ${arpioKey}`,
		`<html><title>${arpioKey}</title><pre>Authorization: Bearer ${arcusKey}`,
	])('that a server echoes stay out of the error: %s', async (body) => {
		for (const status of body.startsWith('{') ? [401] : [401, 200]) {
			const shown = inspect(await errorOf({ status, body }), { depth: 9, showHidden: true });
			expect(shown).not.toContain('s3cr3t');
			expect(shown).not.toContain('0123456789abcdef');
		}
	});

	it('are not what plain words are taken for', async () => {
		const body = '{"message":"Invalid token: expired; missing scope audit:read, see api key: settings"}';
		expect(await failureOf({ status: 401, body })).toMatchObject({
			message: 'Invalid token: expired; missing scope audit:read, see api key: settings',
		});
	});
});

it('stays fast on hostile bodies', async () => {
	const took = await cpuMs(async () => {
		for (const unit of ['<title', '[', '{"error":', 'key_', 'token:', ' ', '<html ']) {
			for (const status of [200, 500]) await errorOf({ status, body: unit.repeat(200_000) });
		}
	});
	expect(took).toBeLessThan(3000);
});
