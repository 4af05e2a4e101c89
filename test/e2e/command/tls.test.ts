/** TLS on both sides through the real command: a private authority, a client certificate, and no way around checking. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../support/command';
import { scene, type Scene } from '../../support/scene';
import { tlsFixture, tlsFront, type TlsFront } from '../../support/tlsFront';

jest.setTimeout(60_000);

let here: Scene;
const fronts: TlsFront[] = [];
beforeEach(async () => (here = await scene()));
afterEach(async () => {
	fronts.splice(0).forEach((front) => front.close());
	await here.end();
});

/** With a client certificate demanded. */
async function inFrontOf(url: string): Promise<string> {
	const front = await tlsFront(url, true);
	fronts.push(front);
	return front.url;
}

async function configure(tls: string): Promise<void> {
	const { arpio, receiver } = here.sandbox;
	// its addresses are new each time, and so it is another stream
	const yaml = `state: { path: ./state-${fronts.length}.db }
server: { enabled: false }
destinations:
  - { name: siem, endpoint: "${await inFrontOf(receiver!.url)}", tls: ${tls} }
sources:
  - name: dr
    provider: arpio
    baseUrl: ${await inFrontOf(arpio.url)}
    accountId: ${arpio.accountId}
    apiKey: "\${env:ARPIO_API_KEY}"
    start: 2015-01-01
    rateLimit: { requestsPerMinute: 6000, retries: 0 }
    tls: ${tls}
`;
	writeFileSync(join(here.folder, 'audit-relay.yaml'), yaml);
}

const once = ['run', '--once', '--give-up-after', '500ms'];
const trusted = `{ caFile: ${tlsFixture('ca.pem')}, certFile: ${tlsFixture('client.pem')}, keyFile: ${tlsFixture('client.key')} }`;

test('a private authority and a client certificate work towards provider and receiver', async () => {
	await configure(trusted);
	expect(await run(once, here.options)).toMatchObject({ code: 0 });
	expect(here.sandbox.receiver!.stored).toHaveLength(18);
});

test('an authority that is not trusted is refused, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
	await configure('{}');
	const env = { ...here.options.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
	const { code, stderr } = await run(once, { ...here.options, env });
	expect(code).toBe(1);
	expect(stderr).toMatch(
		/no connection \((UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED_CERT_IN_CHAIN)\)/,
	);
	expect(here.sandbox.arpio.server.requests).toHaveLength(0);
});

test('NODE_EXTRA_CA_CERTS is trusted too, but the client certificate is still needed', async () => {
	await configure('{}');
	const env = { ...here.options.env, NODE_EXTRA_CA_CERTS: tlsFixture('ca.pem') };
	expect(await run(once, { ...here.options, env })).toMatchObject({ code: 1 });
	expect(here.sandbox.arpio.server.requests).toHaveLength(0);
	await configure(`{ certFile: ${tlsFixture('client.pem')}, keyFile: ${tlsFixture('client.key')} }`);
	expect(await run(once, { ...here.options, env })).toMatchObject({ code: 0 });
});

test.each([
	['{ caFile: missing.pem }', /tls\.caFile: file missing\.pem cannot be read \(ENOENT\)/],
	[`{ caFile: ${tlsFixture('client.key')} }`, /tls\.caFile: file .*client\.key is not a PEM file of its kind/],
	[`{ certFile: ${tlsFixture('client.pem')} }`, /tls\.keyFile: is missing/],
])('%s is refused with its place', async (tls, expected) => {
	await configure(tls);
	const { code, stderr } = await run(once, here.options);
	expect(stderr).toMatch(expected);
	expect(stderr).not.toContain('PRIVATE KEY');
	expect(code).toBe(2);
});
