/** The JSON that comes with a request. */
import type { IncomingMessage } from 'node:http';
import { Refused } from './exchange';

/** What is asked for here is a few names and numbers. */
const MAX_BYTES = 64 * 1024;

/** Throws `Refused`. An empty body is an empty object. */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MAX_BYTES) throw new Refused(413, `the body is larger than ${MAX_BYTES} bytes`);
		chunks.push(chunk);
	}
	const text = Buffer.concat(chunks).toString('utf8');
	if (text.trim() === '') return {};
	try {
		return JSON.parse(text);
	} catch {
		throw new Refused(400, 'the body is not JSON', 'Send content-type: application/json and an object');
	}
}
