/** A receiver of OTLP as JSON, which the sandbox's own does not take. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { close, listen, readBody } from '../../../../sandbox/wire';
import { credential, type Credential } from '../support/credentials';

export interface JsonReceiver {
	readonly credential: Credential;
	readonly requests: readonly { readonly headers: IncomingHttpHeaders; readonly body: unknown }[];
	close(): Promise<void>;
}

export async function jsonReceiver(): Promise<JsonReceiver> {
	const requests: { headers: IncomingHttpHeaders; body: unknown }[] = [];
	const server = createServer((message, response) => {
		void readBody(message).then((body) => {
			requests.push({ headers: message.headers, body: JSON.parse(body.toString()) });
			response.setHeader('content-type', 'application/json').end('{"partialSuccess":{}}');
		});
	});
	const { url } = await listen(server, '127.0.0.1', 0);
	const data = { preset: 'collector', endpoint: `${url}/v1/logs`, secretHeaders: 'X-Tenant=7' };
	return { credential: credential('otlpApi', 'OTLP as JSON', data, 'otlpJson'), requests, close: () => close(server) };
}
