/** The status server over real HTTP: paths, methods, headers, addresses. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../../../forwarder/config/errors';
import { isLoopback, plainReply, startServer, type StatusServer } from '../../../forwarder/server/server';

const listen = { host: '127.0.0.1', port: 0, configPath: 'audit-relay.yaml' };
const routes = {
	'/metrics': () => plainReply(200, 'numbers'),
	'/readyz': () => plainReply(200, 'ready'),
	'/livez': () => plainReply(200, 'ok'),
	'/broken': () => {
		throw new Error('canary: not for everybody');
	},
};

let server: StatusServer;
const errors: unknown[] = [];
beforeAll(async () => {
	server = await startServer(routes, { ...listen, onError: (error) => errors.push(error) });
});
afterAll(() => server.close());

test('GET answers with headers that keep it out of caches, frames and guesses about its type', async () => {
	const response = await fetch(`${server.url}/livez?probe=1`);
	expect(response.status).toBe(200);
	expect(await response.text()).toBe('ok\n');
	expect(Object.fromEntries(response.headers)).toMatchObject({
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
		'content-type': 'text/plain; charset=utf-8',
		'content-security-policy': expect.stringContaining("default-src 'none'") as string,
	});
	expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

test('HEAD answers without a body', async () => {
	const response = await fetch(`${server.url}/livez`, { method: 'HEAD' });
	expect(response.status).toBe(200);
	expect(response.headers.get('content-length')).toBe('3');
	expect(await response.text()).toBe('');
});

function statusFor(path: string, host: string, port = new URL(server.url).port): Promise<number | undefined> {
	return new Promise((resolve, reject) => {
		request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
			resolve(response.resume().statusCode);
		})
			.on('error', reject)
			.end();
	});
}

describe('the name that it is asked by', () => {
	test.each([
		'localhost',
		'LOCALHOST:9464',
		'relay.localhost',
		'127.0.0.1:9464',
		'10.1.2.3',
		'[::1]:9464',
		'[fe80::1]',
		'localhost.',
	])('%s is answered', async (host) => {
		expect(await statusFor('/metrics', host)).toBe(200);
	});

	test.each([
		'evil.example',
		'evil.example:9464',
		'127.0.0.1.evil.example',
		'localhost.evil.example',
		'notlocalhost',
		'a]',
		'x y',
	])('"%s" is refused, and told to probes anyway', async (host) => {
		expect(await statusFor('/metrics', host)).toBe(421);
		expect(await statusFor('/nothing', host)).toBe(421);
		expect(await statusFor('/livez', host)).toBe(200);
		expect(await statusFor('/readyz?x', host)).toBe(200);
	});

	test('those of the configuration, and the one that it listens at, are its own', async () => {
		const hosts = ['audit-relay.monitoring.svc'];
		const other = await startServer(routes, { ...listen, host: 'localhost', hosts });
		const { port } = new URL(other.url);
		const asked = (host: string) => statusFor('/metrics', host, port);
		try {
			expect(await asked('Audit-Relay.monitoring.svc:9464')).toBe(200);
			expect(await asked('audit-relay.monitoring.svc.')).toBe(200);
			expect(await asked('audit-relay.monitoring.svc.evil.example')).toBe(421);
			expect(await asked('audit-relay')).toBe(421);
		} finally {
			await other.close();
		}
	});
});

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is refused with what is allowed', async (method) => {
	const response = await fetch(`${server.url}/livez`, { method });
	expect(response.status).toBe(405);
	expect(response.headers.get('allow')).toBe('GET, HEAD');
});

test.each(['/nothing', '/livez/', '//livez', '/__proto__', '/constructor', '/%6civez'])(
	'%s is not there',
	async (path) => {
		const status = await new Promise((resolve) => {
			request(`${server.url}${path}`, (response) => resolve(response.resume().statusCode)).end();
		});
		expect(status).toBe(404);
	},
);

test('an error is answered with 500, told to the log, and not to whoever asks', async () => {
	const response = await fetch(`${server.url}/broken`);
	expect(response.status).toBe(500);
	expect(await response.text()).not.toContain('canary');
	expect(errors).toEqual([expect.objectContaining({ message: 'canary: not for everybody' })]);
});

test('a port that is taken: names the key and the ways out', async () => {
	const port = Number(new URL(server.url).port);
	const failed = await startServer(routes, { ...listen, port }).catch((error: unknown) => error);
	expect(failed).toBeInstanceOf(ConfigError);
	expect((failed as ConfigError).message).toMatch(
		/audit-relay\.yaml server\.listen: port \d+ of 127\.0\.0\.1 is in use.*another host:port, or server\.enabled: false/s,
	);
});

test.each([
	['an address of another machine', { host: '192.0.2.1', port: 0 }, /192\.0\.2\.1 is not an address of this machine/],
	['a port beyond the last one', { host: '127.0.0.1', port: 70_000 }, /cannot listen at 127\.0\.0\.1:70000/],
])('%s', async (_name, where, expected) => {
	await expect(startServer(routes, { ...listen, ...where })).rejects.toThrow(expected);
});

test('IPv6 loopback is written as a URL', async () => {
	const probe = createServer();
	const hasIpv6 = await new Promise<boolean>((resolve) => {
		probe.once('error', () => resolve(false));
		probe.listen(0, '::1', () => resolve(Boolean(probe.address() as AddressInfo)));
	});
	probe.close();
	if (!hasIpv6) return;
	const six = await startServer(routes, { ...listen, host: '::1' });
	expect(six.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
	expect((await fetch(`${six.url}/livez`)).status).toBe(200);
	await six.close();
});

test('closing does not wait for connections that are kept open', async () => {
	const other = await startServer(routes, listen);
	await (await fetch(`${other.url}/livez`)).text();
	await other.close();
	await expect(fetch(`${other.url}/livez`)).rejects.toThrow();
});

test.each([
	['127.0.0.1', true],
	['127.8.8.8', true],
	['localhost', true],
	['::1', true],
	['0.0.0.0', false],
	['::', false],
	['10.0.0.1', false],
	['127.0.0.1.example.com', false],
])('loopback %s: %s', (host, expected) => {
	expect(isLoopback(host)).toBe(expected);
});
