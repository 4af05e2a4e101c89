/** Certificates that are replaced on disk, towards a provider and towards a receiver. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { readTls } from '../../../forwarder/config/tls';
import type { Tls } from '../../../forwarder/config/types';
import { httpTransport } from '../../../forwarder/http/httpTransport';
import { connect } from '../../../forwarder/export/connections';
import { place, rotate } from '../../support/rotate';
import { scratchFolder } from '../../support/scratch';
import { tlsFixture } from '../../support/tlsFront';

const pem = (name: string) => readFileSync(tlsFixture(name), 'utf8');

let server: Server;
/** Who asked, for each request. */
let clients: string[];
/** Connections that are open. */
let open: Set<TLSSocket>;
let folder: string;
let tls: Tls;

beforeEach(async () => {
	[clients, open, folder] = [[], new Set(), scratchFolder()];
	place(join(folder, 'ca'), pem('ca.pem'));
	place(join(folder, 'cert'), pem('client.pem'));
	place(join(folder, 'certkey'), pem('client.key'));
	const report = (_: unknown, what: string) => {
		throw new Error(what);
	};
	tls = readTls({ caFile: 'ca', certFile: 'cert', keyFile: 'certkey' }, [], { folder, report })!;
	const trusted = [pem('ca.pem'), pem('other.pem')];
	server = createServer(
		{ key: pem('server.key'), cert: pem('server.pem'), ca: trusted, requestCert: true },
		(request, response) => {
			clients.push((request.socket as TLSSocket).getPeerCertificate().subject.CN as string);
			request.resume().on('end', () => response.end());
		},
	);
	server.on('secureConnection', (socket) => {
		open.add(socket);
		socket.on('close', () => open.delete(socket));
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});

afterEach(() => {
	server.close();
	server.closeAllConnections();
});

type Ask = () => Promise<unknown>;

const doors: [string, (url: string) => Ask][] = [
	[
		'a provider',
		(baseUrl) => {
			const send = httpTransport({ baseUrl, headers: async () => ({}), tls, proxyEnv: {} });
			return () => send({ method: 'GET', path: '/' });
		},
	],
	[
		'a receiver',
		(url) => {
			const { post } = connect(new URL(url), 2, { tls, proxyEnv: {} });
			return async () => {
				const answer = await post({}, Buffer.of(), AbortSignal.timeout(10_000));
				for await (const _ of answer as AsyncIterable<Buffer>);
			};
		},
	],
];

describe.each(doors)('towards %s', (_, door) => {
	const ask = () => door(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);

	test('a client certificate that was replaced is used for the next request, not the idle connection of the old one', async () => {
		const send = ask();
		await send();
		await send();
		expect(open.size).toBe(1);
		const [old] = open;
		const closed = new Promise((resolve) => old!.once('close', resolve));
		rotate(join(folder, 'cert'), pem('other.pem'));
		rotate(join(folder, 'certkey'), pem('other.key'));
		await send();
		await closed;
		expect(clients).toEqual(['client', 'client', 'audit-relay test other']);
	});

	test('an authority that was replaced is the one that is trusted', async () => {
		const send = ask();
		await send();
		server.setSecureContext({ key: pem('other.key'), cert: pem('other.pem'), ca: [pem('ca.pem'), pem('other.pem')] });
		rotate(join(folder, 'ca'), pem('other.pem'));
		await send();
		rotate(join(folder, 'ca'), pem('ca.pem'));
		await expect(send()).rejects.toThrow();
		expect(clients).toHaveLength(2);
	});
});
