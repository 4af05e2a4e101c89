/** The OpenTelemetry variables: each is honoured, or refused with words when the configuration is read. */
import { readSecrets } from '../../../forwarder/config/secrets';
import { tlsFixture } from '../../support/tlsFront';
import { ENV, GOOD, load, refused } from './scratch';

const NO_DESTINATION = GOOD.slice(GOOD.indexOf('sources:'));
const BASE = { ...ENV, OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example' };

const withVariables = async (more: Record<string, string>) =>
	(await load(NO_DESTINATION, { ...BASE, ...more })).destinations[0]!;

async function problemsOf(more: Record<string, string>) {
	const { problems, message } = await refused(NO_DESTINATION, { ...BASE, ...more });
	expect(message).not.toContain('canary');
	return problems;
}

describe.each(['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_LOGS_HEADERS'])('%s', (variable) => {
	test.each<[string, Record<string, string>]>([
		['api-key=canary,x-tenant=a', { 'api-key': 'canary', 'x-tenant': 'a' }],
		[' api-key = canary , x-tenant = a ,', { 'api-key': 'canary', 'x-tenant': 'a' }],
		['"api-key=canary,x-tenant=a"', { 'api-key': 'canary', 'x-tenant': 'a' }],
		["'api-key=canary'", { 'api-key': 'canary' }],
		['"api-key=canary","x-tenant=a"', { 'api-key': 'canary', 'x-tenant': 'a' }],
		['api-key="canary",x-tenant=\'a\'', { 'api-key': 'canary', 'x-tenant': 'a' }],
		['authorization="Bearer a,b",x=1', { authorization: 'Bearer a,b', x: '1' }],
		['authorization=Basic%20dTpw%3D%3D', { authorization: 'Basic dTpw==' }],
		['authorization=Basic dTpw==', { authorization: 'Basic dTpw==' }],
		['x="a"b"c"', { x: '"a"b"c"' }],
		['x=%22a%22;b=c', { x: '"a";b=c' }],
	])('%s', async (text, expected) => {
		await expect(readSecrets((await withVariables({ [variable]: text })).headers)).resolves.toEqual(expected);
	});

	test.each([
		['api-key=canary,x', 'entry 2 is not name=value'],
		['api-key="canary', 'has a quote that is not closed'],
		['api key=canary', 'entry 1 is not a header name'],
		['"api-key"=canary', 'entry 1 is not a header name'],
		['content-length=1', 'entry 1 is a header that HTTP sets itself'],
		['x=1,api-key=canary%0Aevil: 1', 'entry 2 holds a line break or another control character'],
		['api-key=“canary”', 'entry 1 holds a character that no header can carry'],
		['api-key=canary%', 'entry 1 is not percent-encoded correctly'],
	])('%s is refused', async (text, what) => {
		expect(await problemsOf({ [variable]: text })).toEqual([
			{ key: variable, what, fix: expect.any(String) as string },
		]);
	});
});

test.each(['OTEL_EXPORTER_OTLP_', 'OTEL_EXPORTER_OTLP_LOGS_'])(
	'%s… of certificates, compression and time',
	async (prefix) => {
		const destination = await withVariables({
			[`${prefix}CERTIFICATE`]: tlsFixture('ca.pem'),
			[`${prefix}CLIENT_CERTIFICATE`]: tlsFixture('client.pem'),
			[`${prefix}CLIENT_KEY`]: tlsFixture('client.key'),
			[`${prefix}COMPRESSION`]: 'ZSTD',
			[`${prefix}TIMEOUT`]: '2500',
			[`${prefix}PROTOCOL`]: 'http/protobuf',
		});
		expect(destination).toMatchObject({ compression: 'zstd', timeoutMs: 2500 });
		const pem = expect.stringContaining('-----BEGIN') as string;
		expect(await destination.tls!.read()).toEqual({ ca: pem, cert: pem, key: pem });
	},
);

test.each([
	['CERTIFICATE', '/nowhere/ca.pem', 'file /nowhere/ca.pem cannot be read (ENOENT)'],
	['CERTIFICATE', 'package.json', 'file package.json is not a PEM file of its kind'],
	['PROTOCOL', 'grpc', 'is not http/protobuf, the only protocol supported'],
	['PROTOCOL', 'http/json', 'is not http/protobuf, the only protocol supported'],
	['COMPRESSION', 'brotli', 'is not known'],
	['TIMEOUT', '10s', 'is not a usable number of milliseconds'],
	['TIMEOUT', '5184000000', 'is not a usable number of milliseconds'],
])('%s=%s is refused', async (name, value, what) => {
	for (const prefix of ['OTEL_EXPORTER_OTLP_', 'OTEL_EXPORTER_OTLP_LOGS_']) {
		const key = `${prefix}${name}`;
		expect(await problemsOf({ [key]: value })).toEqual([expect.objectContaining({ key, what })]);
	}
});

test('a client certificate without its key names the variable that is missing', async () => {
	expect(await problemsOf({ OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: tlsFixture('client.pem') })).toEqual([
		{
			key: 'OTEL_EXPORTER_OTLP_CLIENT_KEY',
			what: 'is missing',
			fix: 'A client certificate needs OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY',
		},
	]);
});

test('beside destinations in the file they are not used, and that is said', async () => {
	const { warnings, destinations } = await load(GOOD, { ...BASE, OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '1' });
	expect(destinations).toHaveLength(1);
	expect(warnings).toEqual([
		'OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: set and not used, because the file has destinations',
	]);
});
