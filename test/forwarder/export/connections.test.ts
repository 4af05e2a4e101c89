import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect } from '../../../forwarder/export/connections';

let server: Server;
const sockets: Socket[] = [];

/** Gives every connection this answer, or none. */
async function answering(text?: string): Promise<string> {
	server = createServer((socket) => {
		sockets.push(socket);
		socket.on('error', () => undefined).on('data', () => text && socket.write(text));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
	for (const socket of sockets.splice(0)) socket.destroy();
	await new Promise((resolve) => server.close(resolve));
});

const timeOut = { name: 'TimeoutError' };

test('a proxy that never answers does not hold a request forever', async () => {
	const proxyEnv = { HTTPS_PROXY: await answering() };
	const connections = connect(new URL('https://siem.invalid/v1/logs'), 1, { proxyEnv });
	await expect(connections.post({}, Buffer.of(), AbortSignal.timeout(30))).rejects.toMatchObject(timeOut);
	connections.close();
});

test('nor does a server that changes the protocol', async () => {
	const url = await answering('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
	const connections = connect(new URL(url), 1, { proxyEnv: {} });
	await expect(connections.post({}, Buffer.of(), AbortSignal.timeout(30))).rejects.toMatchObject(timeOut);
	connections.close();
});

test('a connection that is idle is closed: what lies between may have forgotten it', async () => {
	const url = await answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
	const connections = connect(new URL(url), 1, { proxyEnv: {} }, 20);
	(await connections.post({}, Buffer.of(), AbortSignal.timeout(10_000))).resume();
	await new Promise((resolve) => sockets[0]!.once('close', resolve));
	connections.close();
});
