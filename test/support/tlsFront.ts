/** HTTPS in front of a sandbox server, with the certificates of `test/fixtures/tls`. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

export const tlsFixture = (name: string) => resolve('test/fixtures/tls', name);

export interface TlsFront {
	/** https, with the path of the server behind it. */
	url: string;
	close(): void;
}

/** `clientCertificate`: refuse whoever has none of the test authority. */
export async function tlsFront(url: string, clientCertificate = false): Promise<TlsFront> {
	const pem = (name: string) => readFileSync(tlsFixture(name));
	const target = new URL(url);
	const server = createServer(
		{
			key: pem('server.key'),
			cert: pem('server.pem'),
			ca: pem('ca.pem'),
			requestCert: clientCertificate,
			rejectUnauthorized: clientCertificate,
		},
		(incoming, outgoing) => {
			const { method, headers, url: path } = incoming;
			const onward = request({ host: target.hostname, port: target.port, path, method, headers }, (answer) => {
				outgoing.writeHead(answer.statusCode!, answer.headers);
				answer.pipe(outgoing);
			});
			incoming.pipe(onward);
		},
	);
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as AddressInfo;
	return {
		url: `https://127.0.0.1:${port}${target.pathname === '/' ? '' : target.pathname}`,
		close: () => {
			server.close();
			server.closeAllConnections();
		},
	};
}
