import { classify, type Answer, type Reply } from '../../../forwarder/export/answer';
import { partialSuccess } from '../delivery/support/receiver';

const NOW = Date.parse('2026-11-20T12:00:00Z');

function answer(
	status: number,
	body: string | Uint8Array = '',
	headers: Record<string, string> = {},
	lenientResponse = false,
) {
	const reply: Reply = { kind: 'response', status, headers, body: Buffer.from(body) };
	return classify(reply, { now: NOW, lenientResponse });
}

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const HTML = { 'content-type': 'text/html' };
const accepted: Answer = { kind: 'accepted' };

describe('classify, success', () => {
	it.each<[string, Answer, Answer]>([
		['200 empty', answer(200, '', PROTOBUF), accepted],
		['202 empty', answer(202), accepted],
		['204 (Loki)', answer(204), accepted],
		['200 empty message in JSON', answer(200, '{}', JSON_TYPE), accepted],
		['200 JSON without a type', answer(200, ' {"partialSuccess":{}}'), accepted],
		['200 JSON null', answer(200, '{"partialSuccess":null}', JSON_TYPE), accepted],
		['200 OTLP with members of its own', answer(200, '{"code":200,"partialSuccess":{}}', JSON_TYPE), accepted],
		['200 empty message as a page', answer(200, '{}', HTML), accepted],
		[
			'partial, none rejected',
			answer(200, partialSuccess(0, 'slow down'), PROTOBUF),
			{ kind: 'accepted', warning: 'slow down' },
		],
		[
			'partial, 2 rejected',
			answer(200, partialSuccess(2, 'too old'), PROTOBUF),
			{ kind: 'partial', rejected: 2, message: 'too old' },
		],
		// 60 and 123 are the codes of < and {
		[
			'partial of 60 bytes, no type',
			answer(200, partialSuccess(0, 'x'.repeat(58))),
			{ kind: 'accepted', warning: 'x'.repeat(58) },
		],
		[
			'partial of 123 bytes, no type',
			answer(200, partialSuccess(0, 'x'.repeat(121))),
			{ kind: 'accepted', warning: 'x'.repeat(121) },
		],
		[
			'JSON, camelCase, number',
			answer(200, '{"partialSuccess":{"rejectedLogRecords":3,"errorMessage":"no"}}', JSON_TYPE),
			{ kind: 'partial', rejected: 3, message: 'no' },
		],
		[
			'JSON, camelCase, text',
			answer(200, '{"partialSuccess":{"rejectedLogRecords":"3"}}', JSON_TYPE),
			{ kind: 'partial', rejected: 3, message: '' },
		],
		[
			'JSON, snake_case',
			answer(200, '{"partial_success":{"rejected_log_records":"1","error_message":"no"}}', JSON_TYPE),
			{ kind: 'partial', rejected: 1, message: 'no' },
		],
		[
			'JSON with a message only',
			answer(200, '{"partialSuccess":{"errorMessage":"deprecated"}}', JSON_TYPE),
			{ kind: 'accepted', warning: 'deprecated' },
		],
	])('%s', (_, got, wanted) => expect(got).toEqual(wanted));

	it.each([
		['HTML', answer(200, '<html>login</html>', HTML)],
		['HTML without its type', answer(200, '\n <!DOCTYPE html>')],
		['HTML as protobuf', answer(200, '<html>', PROTOBUF)],
		['HTML, empty', answer(200, '', HTML)],
		['HTML, lenient', answer(200, '<html>', HTML, true)],
		['garbage as protobuf', answer(200, 'OK', PROTOBUF)],
		['JSON of its own kind', answer(200, '{"error":"nope"}', JSON_TYPE)],
		['plain text', answer(200, 'OK', { 'content-type': 'text/plain' })],
		['protobuf cut off', answer(200, partialSuccess(2, 'too old').subarray(0, 6), PROTOBUF)],
		['JSON cut off', answer(200, '{"partialSuccess":{', JSON_TYPE)],
		['JSON list', answer(200, '[]', JSON_TYPE)],
		['JSON with a count that is none', answer(200, '{"partialSuccess":{"rejectedLogRecords":"many"}}', JSON_TYPE)],
		['JSON with a negative count', answer(200, '{"partialSuccess":{"rejectedLogRecords":-1}}', JSON_TYPE)],
	])('200 with %s stops the destination', (_, got) => expect(got.kind).toBe('misconfigured'));

	it('says what came instead of an answer', () => {
		expect(answer(200, '{"error":"nope"}', JSON_TYPE)).toEqual({
			kind: 'misconfigured',
			message: 'status 200 with a body that is not an OTLP answer: {"error":"nope"}',
		});
	});

	it('says no more than that when nothing of it can be read', () => {
		expect(answer(200, Buffer.from('ffffff', 'hex'), PROTOBUF)).toEqual({
			kind: 'misconfigured',
			message: 'status 200 with a body that is not an OTLP answer',
		});
	});

	it('accepts any other body when the destination is lenient, and keeps its words', () => {
		expect(answer(200, 'OK', {}, true)).toEqual({ kind: 'accepted', unread: 'OK' });
		expect(answer(200, '{"error":"nope"}', JSON_TYPE, true)).toEqual({ kind: 'accepted', unread: '{"error":"nope"}' });
		// what can be read counts anyway
		expect(answer(200, partialSuccess(2, 'too old'), PROTOBUF, true)).toMatchObject({ kind: 'partial', rejected: 2 });
	});
});

describe('classify, failure', () => {
	it.each<[number, Answer['kind']]>([
		[429, 'retry'],
		[502, 'retry'],
		[503, 'retry'],
		[504, 'retry'],
		[425, 'retry'],
		[522, 'retry'],
		[408, 'maybe'],
		[500, 'maybe'],
		[413, 'tooBig'],
		[400, 'poison'],
		[422, 'poison'],
		[301, 'misconfigured'],
		[302, 'misconfigured'],
		[304, 'misconfigured'],
		[307, 'misconfigured'],
		[401, 'misconfigured'],
		[403, 'misconfigured'],
		[404, 'misconfigured'],
		[405, 'misconfigured'],
		[407, 'misconfigured'],
		[415, 'misconfigured'],
		[501, 'misconfigured'],
		[505, 'misconfigured'],
	])('%d is %s', (status, kind) => expect(answer(status, 'why').kind).toBe(kind));

	it.each(['ECONNRESET', 'ECONNREFUSED', 'timeout', 'EPIPE', 'CERT_HAS_EXPIRED'])('%s is tried again', (code) => {
		expect(classify({ kind: 'failed', code }, { now: NOW })).toEqual({
			kind: 'retry',
			throttled: false,
			reason: `no answer (${code})`,
		});
	});

	it.each([
		'request body too large',
		'{"message":"Payload exceeds maximum allowed size"}',
		'message larger than max bytes',
		'Request size limit exceeded',
	])('400 saying "%s" is too big', (words) => expect(answer(400, words).kind).toBe('tooBig'));

	it.each(['rate limit exceeded', 'invalid timestamp', 'unknown field "size"'])('400 saying "%s" is poison', (words) =>
		expect(answer(400, words).kind).toBe('poison'),
	);

	it.each([
		[429, true],
		[503, true],
		[502, false],
		[504, false],
	])('%d speaks for the whole destination: %s', (status, throttled) => {
		expect(answer(status)).toEqual({ kind: 'retry', throttled, reason: `status ${status}` });
	});

	it.each<[string, Record<string, string>, number | undefined]>([
		['seconds', { 'retry-after': '7' }, 7_000],
		['zero', { 'retry-after': '0' }, 0],
		['an hour, capped', { 'retry-after': '3600' }, 900_000],
		['a date', { 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT' }, 30_000],
		[
			'a date by the clock of the receiver',
			{ 'retry-after': 'Fri, 20 Nov 2026 13:00:30 GMT', date: 'Fri, 20 Nov 2026 13:00:00 GMT' },
			30_000,
		],
		['a date in the past', { 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }, 0],
		['nonsense', { 'retry-after': 'soon' }, undefined],
		['a negative number, which is not a date', { 'retry-after': '-5' }, undefined],
		['nothing', {}, undefined],
	])('Retry-After: %s', (_, headers, afterMs) => {
		expect((answer(503, '', headers) as { afterMs?: number }).afterMs).toBe(afterMs);
	});

	it('reads the words out of a protobuf status', () => {
		const text = 'bad timestamp';
		const body = Buffer.concat([Buffer.from([0x08, 3, 0x12, text.length]), Buffer.from(text)]);
		expect(answer(400, body, PROTOBUF)).toEqual({ kind: 'poison', message: 'status 400: bad timestamp' });
	});

	it('shows the words of a web page without its tags', () => {
		expect(answer(403, '<html><h1>Denied</h1></html>', HTML)).toEqual({
			kind: 'misconfigured',
			message: 'status 403: Denied',
		});
	});
});
