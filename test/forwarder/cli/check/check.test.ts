import { readFileSync, writeFileSync } from 'node:fs';
import { arpio, arpioEvent, configFor, KEY, listen, receiver, type Fake } from '../fakeProvider';
import { runCli } from '../runCli';

const env = { KEY };
const fakes: Fake[] = [];
const start = async (...args: Parameters<typeof listen>) => {
	const fake = await listen(...args);
	fakes.push(fake);
	return fake;
};

afterEach(async () => {
	await Promise.all(fakes.splice(0).map((fake) => fake.close()));
});

const EVENTS = [arpioEvent('e3', 1), arpioEvent('e2', 2), arpioEvent('e1', 3)];

test('everything works: a table of ticks and exit code 0', async () => {
	const [provider, siem] = [await start(arpio(EVENTS)), await start(receiver)];
	const { code, out } = await runCli(['check', '-c', await configFor(provider.url, siem.url)], { env });
	expect(out).toContain('✓  source dr');
	expect(out).toContain('Arpio answers; 3 events on the first page of the last 24 hours');
	expect(out).toMatch(/✓ {2}source dr +page order +newest first/);
	expect(out).toMatch(/✓ {2}source dr +request budget +about 2 requests per poll, 2 of 6000 allowed per minute/);
	expect(out).toMatch(/✓ {2}destination siem +reachable +http:\S+\/v1\/logs accepts OTLP/);
	expect(out).toContain('Everything works');
	expect(code).toBe(0);
	expect(provider.requests).toHaveLength(1);
});

test('a wrong key: where it comes from, what to do, and not the key', async () => {
	const [provider, siem] = [await start(arpio(EVENTS)), await start(receiver)];
	const path = await configFor(provider.url, siem.url);
	const { code, out, err } = await runCli(['check', '-c', path], { env: { KEY: 'keyid:canary-wrong-2' } });
	expect(code).toBe(1);
	expect(out).toMatch(/✗ {2}source dr +credentials +GET \/api\/accounts\/acc\/auditEvents: status 401/);
	expect(out).toContain('→ The key is not accepted: check the environment variable KEY');
	expect(out + err).not.toContain('canary');
});

test.each([
	['HTML instead of JSON', 200, '<!doctype html><title>Login</title>', 'Something else than the API seems to answer'],
	[
		'a missing scope',
		403,
		'{"error":"insufficient_scope","required":"audit:read"}',
		'Give the key the scope audit:read',
	],
	['a wrong path', 404, '{"message":"not found"}', 'Check baseUrl and accountId'],
	['too many requests', 429, '{}', 'Too many requests already'],
	['a redirect', 302, '', 'Redirects are not followed'],
])('%s', async (_, status, body, fix) => {
	const provider = await start((_request, response) => response.writeHead(status, { location: '/x' }).end(body));
	const siem = await start(receiver);
	const { code, out } = await runCli(['check', '-c', await configFor(provider.url, siem.url)], { env });
	expect(code).toBe(1);
	expect(out).toContain(fix);
});

test('nothing listens: both sides say so', async () => {
	const gone = await listen(receiver);
	await gone.close();
	const { code, out } = await runCli(['check', '-c', await configFor(gone.url, gone.url)], { env });
	expect(code).toBe(1);
	expect(out).toContain('no connection (ECONNREFUSED)');
	expect(out).toContain('no answer (');
	expect(out).toContain('2 of 4 checks failed.');
});

test('a clock that is wrong is a warning', async () => {
	const [provider, siem] = [await start(arpio(EVENTS)), await start(receiver)];
	const path = await configFor(provider.url, siem.url);
	const { code, out } = await runCli(['check', '-c', path], { env, skew: 10 * 60_000 });
	expect(code).toBe(0);
	expect(out).toMatch(/! {2}source dr +clock +this clock is (10m|9m 59s)( \d+s)? ahead of the provider's/);
});

test('more requests than the budget is a warning', async () => {
	const [provider, siem] = [await start(arpio(EVENTS)), await start(receiver)];
	const path = await configFor(provider.url, siem.url, '    pollInterval: 10ms');
	expect((await runCli(['check', '-c', path], { env })).out).toContain('Polls will lag behind: raise pollInterval');
});

test('a destination that answers with a login page', async () => {
	const provider = await start(arpio(EVENTS));
	const siem = await start((request, response) => {
		request.resume().on('end', () => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Login'));
	});
	const { code, out } = await runCli(['check', '-c', await configFor(provider.url, siem.url)], { env });
	expect(code).toBe(1);
	expect(out).toContain('a login page or a proxy answered');
});

describe('a destination that answers with success and no OTLP answer', () => {
	const odd = async (settings = '') => {
		const provider = await start(arpio(EVENTS));
		const siem = await start((request, response) => {
			request.resume().on('end', () => response.writeHead(200).end('{"error":"nope"}'));
		});
		// of the destination, which is the rest of a flow mapping
		const path = await configFor(provider.url, siem.url);
		writeFileSync(path, readFileSync(path, 'utf8').replace(`"${siem.url}"`, `"${siem.url}"${settings}`));
		return runCli(['check', '-c', path], { env });
	};

	test('is told before it halts, with what it said', async () => {
		const { code, out } = await odd();
		expect(code).toBe(1);
		expect(out).toContain('status 200 with a body that is not an OTLP answer: {"error":"nope"}');
		expect(out).toContain('lenientResponse: true');
	});

	test('is a warning where lenientResponse says that this is right', async () => {
		const { code, out } = await odd(', lenientResponse: true');
		expect(code).toBe(0);
		expect(out).toContain('answers with success and no OTLP answer: {"error":"nope"}');
	});
});

test('--json is one document on stdout, also for a bad configuration', async () => {
	const [provider, siem] = [await start(arpio(EVENTS)), await start(receiver)];
	const path = await configFor(provider.url, siem.url);
	const good = await runCli(['check', '--json', '-c', path], { env });
	expect(JSON.parse(good.out)).toMatchObject({
		ok: true,
		checks: [
			{ check: 'configuration', status: 'ok' },
			{ subject: 'state', check: 'file', status: 'ok' },
			{},
			{},
			{},
			{},
			{},
		],
	});
	const bad = await runCli(['check', '--json', '-c', path], { env: {} });
	expect(bad.code).toBe(2);
	expect(JSON.parse(bad.out)).toMatchObject({
		ok: false,
		problems: [{ key: 'sources[0].apiKey', line: 8, column: 13 }],
	});
});

test('is interrupted at once', async () => {
	const stop = new AbortController();
	const provider = await start(() => stop.abort('SIGINT'));
	const path = await configFor(provider.url, provider.url);
	expect((await runCli(['check', '-c', path], { env, stop: stop.signal })).code).toBe(130);
});
