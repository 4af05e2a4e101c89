/** Providers and receiver behind a real CONNECT proxy (tinyproxy), as in a company network. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../support/command';
import { scene, type Scene } from '../../support/scene';
import { tlsFixture, tlsFront, type TlsFront } from '../../support/tlsFront';
import { debianProgram } from '../support/debian';

let here: Scene;
let fronts: TlsFront[];
let folder: string;
let proxy: ChildProcess;
let port: number;

beforeAll(async () => {
	here = await scene();
	folder = mkdtempSync(join(tmpdir(), 'audit-relay-proxy-'));
	port = await freePort();
	const config = `Port ${port}\nListen 127.0.0.1\nTimeout 30\nLogFile "${join(folder, 'log')}"\nLogLevel Connect\nMaxClients 50\n`;
	writeFileSync(join(folder, 'tinyproxy.conf'), config);
	proxy = spawn(debianProgram('tinyproxy-bin', 'usr/bin/tinyproxy'), ['-d', '-c', join(folder, 'tinyproxy.conf')], {
		stdio: 'ignore',
	});
	await reachable(port);

	const { arpio, arcus, auditapi, receiver } = here.sandbox;
	fronts = await Promise.all([arpio.url, arcus.url, auditapi.url, receiver!.url].map((url) => tlsFront(url)));
	const behind = [arpio.url, arcus.url, auditapi.url, receiver!.url];
	here.configure((yaml) => behind.reduce((text, url, index) => text.replace(url, fronts[index]!.url), yaml));
});

afterAll(async () => {
	proxy.kill();
	fronts.forEach((front) => front.close());
	await here.end();
	rmSync(folder, { recursive: true });
});

const env = (more: Record<string, string>) => ({
	...here.options,
	env: { ...here.options.env, NODE_EXTRA_CA_CERTS: tlsFixture('ca.pem'), ...more },
});
const log = () => readFileSync(join(folder, 'log'), 'utf8');

test('every connection goes through the proxy by CONNECT, and every event arrives', async () => {
	const result = await run(['run', '--once'], env({ HTTPS_PROXY: `http://127.0.0.1:${port}` }));
	expect(result).toMatchObject({ code: 0 });
	expect(here.sandbox.receiver!.stored).toHaveLength(54);
	for (const front of fronts) expect(log()).toContain(`CONNECT ${new URL(front.url).host}`);
	expect(log()).not.toContain(here.sandbox.arcus.apiKey);
});

test('NO_PROXY leaves it out', async () => {
	const before = log().length;
	const result = await run(['run', '--once'], env({ HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: '127.0.0.1' }));
	expect(result).toMatchObject({ code: 0 });
	expect(log().slice(before)).not.toContain('CONNECT');
});

test('a proxy that is not there is an error that names no key', async () => {
	const result = await run(
		['run', '--once', '--give-up-after', '500ms'],
		env({ HTTPS_PROXY: `http://127.0.0.1:${await freePort()}` }),
	);
	expect(result.code).toBe(1);
	expect(result.stderr).toMatch(/no connection \(ECONNREFUSED\)/);
});

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port: free } = server.address() as AddressInfo;
	await new Promise((done) => server.close(done));
	return free;
}

async function reachable(to: number): Promise<void> {
	for (let attempt = 0; attempt < 100; attempt++) {
		const open = await new Promise<boolean>((done) => {
			const socket = connect(to, '127.0.0.1', () => done(true)).on('error', () => done(false));
			socket.unref();
		});
		if (open) return;
		await new Promise((done) => setTimeout(done, 50));
	}
	throw new Error('tinyproxy does not listen');
}
