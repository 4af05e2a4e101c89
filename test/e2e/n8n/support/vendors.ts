/** Stands in for Slack and PagerDuty, whose addresses n8n's nodes do not let one choose: a proxy that answers for both itself. */
import { createServer as createProxy } from 'node:http';
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { close, listen, readBody } from '../../../../sandbox/wire';
import { tlsFixture } from '../../../support/tlsFront';
import { credential, type Credential } from './credentials';

export interface Vendors {
	/** Texts of the messages, in order. */
	readonly messages: string[];
	/** Incidents that were opened. */
	readonly pages: { readonly title: string; readonly incident_key: string }[];
	/** For n8n: what leaves the machine goes to the proxy, which knows these two only. */
	readonly env: Record<string, string>;
	close(): Promise<void>;
}

export const vendorCredentials: readonly Credential[] = [
	credential('slackApi', 'Slack', { accessToken: 'xoxb-sandbox', signatureSecret: 'sandbox' }),
	credential('pagerDutyApi', 'PagerDuty', { apiToken: 'sandbox' }),
];

/** @param said Called with each message and page. */
export async function startVendors(said: (text: string) => void = () => undefined): Promise<Vendors> {
	const messages: string[] = [];
	const pages: Vendors['pages'] = [];
	const answers: Record<string, (body: never) => object> = {
		'slack.com/api/chat.postMessage': ({ text }: { text: string }) => {
			messages.push(text);
			said(text);
			return { ok: true, channel: 'C1', ts: `${messages.length}.0`, message: { text } };
		},
		'api.pagerduty.com/incidents': ({ incident }: { incident: Vendors['pages'][number] }) => {
			pages.push(incident);
			said(`Paged: ${incident.title}`);
			return { incident: { id: `P${pages.length}`, ...incident } };
		},
	};
	const pem = (name: string) => readFileSync(tlsFixture(name));
	const vendors = createServer({ key: pem('server.key'), cert: pem('server.pem') }, (request, response) => {
		void readBody(request).then((body) => {
			const answer = answers[`${request.headers.host}${request.url}`];
			response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
			response.end(JSON.stringify(answer ? answer(JSON.parse(body.toString()) as never) : {}));
		});
	});
	const proxy = createProxy((_request, response) => response.writeHead(403).end());
	const hosts = new Set(Object.keys(answers).map((address) => `${address.split('/')[0]}:443`));
	proxy.on('connect', ({ url }, socket: Socket) => {
		socket.on('error', () => undefined);
		if (!hosts.has(url ?? '')) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
		socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		vendors.emit('connection', socket);
	});
	const { url } = await listen(proxy, '127.0.0.1', 0);
	return {
		messages,
		pages,
		env: {
			HTTPS_PROXY: url,
			NO_PROXY: '127.0.0.1,localhost',
			// the certificate is for this machine
			NODE_TLS_REJECT_UNAUTHORIZED: '0',
		},
		close: () => close(proxy),
	};
}
