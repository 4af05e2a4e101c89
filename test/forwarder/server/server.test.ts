/** The status server over real HTTP: paths, methods, headers, addresses. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { fixedSecret } from '../../../forwarder/config/secrets';
import { steppedClock } from '../../support/steppedClock';
import { tlsFixture } from '../../support/tlsFront';
import { eventually } from './support';
import { systemClock } from '../../../forwarder/waits';
import { ConfigError } from '../../../forwarder/config/errors';
import { authentication } from '../../../forwarder/server/http/authentication';
import { networkDoor } from '../../../forwarder/server/http/doors';
import { jsonReply, plainReply, Refused } from '../../../forwarder/server/http/exchange';
import type { Routes } from '../../../forwarder/server/http/router';
import { isLoopback, startServer, type Listen, type StatusServer } from '../../../forwarder/server/server';

const listen = { host: '127.0.0.1', port: 0, configPath: 'audit-relay.yaml', clock: systemClock };
const routes: Routes = {
	'/metrics': { GET: () => plainReply(200, 'numbers') },
	'/readyz': { GET: ({ authority }) => plainReply(200, authority), open: true },
	'/livez': { GET: () => plainReply(200, 'ok'), open: true },
	'/broken': {
		GET: () => {
			throw new Error('canary: not for everybody');
		},
	},
	'/api/v1/things/:name': {
		GET: ({ params, query }) => jsonReply({ ...params, q: query.get('q') }),
		POST: async ({ body }) => jsonReply({ got: await body() }),
	},
	'/api/v1/no': {
		GET: () => {
			throw new Refused(409, 'it is on the way', 'Wait');
		},
	},
};

const started = (where: Partial<Listen> = {}, hosts: string[] = []) =>
	startServer({ routes, door: networkDoor(hosts), onError: (error) => errors.push(error) }, { ...listen, ...where });

let server: StatusServer;
const errors: unknown[] = [];
beforeAll(async () => {
	server = await started();
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
	])('"%s" is refused, and probes are told without names', async (host) => {
		expect(await statusFor('/metrics', host)).toBe(421);
		expect(await statusFor('/nothing', host)).toBe(421);
		expect(await statusFor('/livez', host)).toBe(200);
		expect(await statusFor('/readyz?x', host)).toBe(200);
	});

	test('those of the configuration, and the one that it listens at, are its own', async () => {
		const other = await started({ host: 'localhost' }, ['audit-relay.monitoring.svc']);
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

describe('what stands in a path, a query and a body', () => {
	const at = (path: string, init?: RequestInit) => fetch(`${server.url}/api/v1/things/${path}`, init);

	test('is told to the handler', async () => {
		expect(await (await at('a%20b?q=%C3%A4')).json()).toEqual({ name: 'a b', q: 'ä' });
		const response = await at('x', { method: 'POST', body: '{"a":1}' });
		expect(await response.json()).toEqual({ got: { a: 1 } });
		expect(await (await at('x', { method: 'POST' })).json()).toEqual({ got: {} });
	});

	test('a part that cannot be decoded is not there, nor is an empty one', async () => {
		expect((await at('%E0%A4%A')).status).toBe(404);
		expect((await at('')).status).toBe(404);
		expect((await at('a/b')).status).toBe(404);
	});

	test('a body that is no JSON, or too long, is refused in words', async () => {
		const refused = async (body: string) => {
			const response = await at('x', { method: 'POST', body });
			return [response.status, await response.json()];
		};
		expect(await refused('{"a":')).toEqual([
			400,
			{ error: { what: 'the body is not JSON', fix: expect.any(String) as string } },
		]);
		expect(await refused(`"${'x'.repeat(70_000)}"`)).toEqual([
			413,
			{ error: { what: 'the body is larger than 65536 bytes' } },
		]);
	});

	test('another method is refused with those that there are', async () => {
		const response = await at('x', { method: 'DELETE' });
		expect(response.status).toBe(405);
		expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
	});

	test('what a handler refuses is told as JSON', async () => {
		const response = await fetch(`${server.url}/api/v1/no`);
		expect(response.status).toBe(409);
		expect(await response.json()).toEqual({ error: { what: 'it is on the way', fix: 'Wait' } });
	});
});

test('an error is answered with 500, told to the log, and not to whoever asks', async () => {
	const response = await fetch(`${server.url}/broken`);
	expect(response.status).toBe(500);
	expect(await response.text()).not.toContain('canary');
	expect(errors).toEqual([expect.objectContaining({ message: 'canary: not for everybody' })]);
});

test('a port that is taken: names the key and the ways out', async () => {
	const port = Number(new URL(server.url).port);
	const failed = await started({ port }).catch((error: unknown) => error);
	expect(failed).toBeInstanceOf(ConfigError);
	expect((failed as ConfigError).message).toMatch(
		/audit-relay\.yaml server\.listen: port \d+ of 127\.0\.0\.1 is in use.*another host:port, or server\.enabled: false/s,
	);
});

test.each([
	['an address of another machine', { host: '192.0.2.1', port: 0 }, /192\.0\.2\.1 is not an address of this machine/],
	['a port beyond the last one', { host: '127.0.0.1', port: 70_000 }, /cannot listen at 127\.0\.0\.1:70000/],
])('%s', async (_name, where, expected) => {
	await expect(started(where)).rejects.toThrow(expected);
});

test('IPv6 loopback is written as a URL', async () => {
	const probe = createServer();
	const hasIpv6 = await new Promise<boolean>((resolve) => {
		probe.once('error', () => resolve(false));
		probe.listen(0, '::1', () => resolve(Boolean(probe.address() as AddressInfo)));
	});
	probe.close();
	if (!hasIpv6) return;
	const six = await started({ host: '::1' });
	expect(six.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
	expect((await fetch(`${six.url}/livez`)).status).toBe(200);
	await six.close();
});

test('closing does not wait for connections that are kept open', async () => {
	const other = await started();
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

describe('with server.auth', () => {
	const token = 'a-token-that-is-long-enough';
	let locked: StatusServer;
	beforeAll(async () => {
		const auth = { token: fixedSecret(token) };
		const authenticate = authentication(auth, { clock: systemClock, onWrong: () => undefined });
		locked = await startServer({ routes, door: networkDoor([], authenticate) }, listen);
	});
	afterAll(() => locked.close());

	test.each(['/metrics', '/api/v1/things/a', '/nothing', '/'])('%s needs it', async (path) => {
		const response = await fetch(locked.url + path);
		expect(response.status).toBe(401);
		expect(response.headers.get('www-authenticate')).toMatch(/^Basic /);
	});

	test('probes do not, also with a key that is old; they are told less than whoever may look', async () => {
		const ready = (headers?: Record<string, string>) => fetch(`${locked.url}/readyz`, headers && { headers });
		expect((await fetch(`${locked.url}/livez`)).status).toBe(200);
		expect(await (await ready()).text()).toBe('none\n');
		expect(await (await ready({ authorization: 'Bearer an-old-one' })).text()).toBe('none\n');
		expect(await (await ready({ authorization: `Bearer ${token}` })).text()).toBe('full\n');
	});

	test('whoever has it is answered', async () => {
		const headers = { authorization: `Bearer ${token}` };
		expect(await (await fetch(`${locked.url}/metrics`, { headers })).text()).toBe('numbers\n');
		expect((await fetch(`${locked.url}/nothing`, { headers })).status).toBe(404);
	});
});

test('HTTPS with a certificate that is replaced: new connections get the new one', async () => {
	const clock = steppedClock();
	const pem = (name: string) => readFileSync(tlsFixture(name), 'utf8');
	let now = { cert: pem('server.pem'), key: pem('server.key') };
	const door = networkDoor([]);
	const secure = await startServer({ routes, door }, { ...listen, clock, tls: { read: async () => now } });
	expect(secure.url).toMatch(/^https:/);
	const subject = () =>
		new Promise<string>((resolve, reject) => {
			const { port } = new URL(secure.url);
			const socket = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false }, () => {
				resolve(socket.getPeerX509Certificate()!.fingerprint256);
				socket.destroy();
			}).on('error', reject);
		});
	const first = await subject();
	expect(await subject()).toBe(first);
	now = { cert: pem('client.pem'), key: pem('client.key') };
	await eventually(
		() => (clock.advance(30_000), subject()),
		(one) => one !== first,
	);
	await secure.close();
	expect(clock.sleepers).toBe(0);
});
