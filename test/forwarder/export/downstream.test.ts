import { classify, type Answer } from '../../../forwarder/export/answer';

const of = (status: number, message: string) =>
	// google.rpc.Status: code, then message
	classify(
		{
			kind: 'response',
			status,
			headers: { 'content-type': 'application/x-protobuf' },
			body: Buffer.concat([Buffer.from([0x08, 13, 0x12, message.length]), Buffer.from(message)]),
		},
		{ now: 0 },
	).kind;
const hec = (status: number, text: string) => `HTTP "/services/collector" ${status} "${text}"`;
const otlp = (status: number) =>
	`Permanent error: rpc error: code = Unknown desc = error exporting items, request to http://dd/v1/logs responded with HTTP Status Code ${status}`;

describe('what a Collector says of its own destination', () => {
	// status of the Collector and its words, as one of release 0.145 sends them
	it.each<[number, string, Answer['kind']]>([
		[500, `Permanent error: ${hec(400, 'Bad Request')}`, 'poison'],
		[500, `Permanent error: ${hec(401, 'Unauthorized')}`, 'misconfigured'],
		[500, `Permanent error: ${hec(403, 'Forbidden')}`, 'misconfigured'],
		[503, hec(404, 'Not Found'), 'misconfigured'],
		[503, hec(413, 'Request Entity Too Large'), 'tooBig'],
		[503, hec(408, 'Request Timeout'), 'retry'],
		[503, hec(500, 'Internal Server Error'), 'retry'],
		[503, `Throttle (7s), error: ${hec(429, 'Too Many Requests')}`, 'retry'],
		[503, 'Post "http://127.0.0.1:40413/services/collector": connect: connection refused', 'retry'],
		[500, 'Permanent error: event size 6000381 exceeds limit 5242880', 'tooBig'],
		[
			500,
			'Permanent error: dropped log event: error: event size 1400 bytes larger than configured max content length 99 bytes',
			'tooBig',
		],
		[500, otlp(413), 'tooBig'],
		[500, otlp(500), 'maybe'],
		[500, otlp(408), 'maybe'],
		[500, 'status 403', 'maybe'],
	])('%d %s: %s', (status, message, kind) => expect(of(status, message)).toBe(kind));
});
