import { readFileSync } from 'node:fs';
import type { ICredentialType, IDataObject } from 'n8n-workflow';
import { ArcusErpApi } from '../../credentials/ArcusErpApi.credentials';
import { ArpioApi } from '../../credentials/ArpioApi.credentials';
import { AuditApi } from '../../credentials/AuditApi.credentials';
import { OtlpApi } from '../../credentials/OtlpApi.credentials';
import { authenticated, resolved } from '../nodes/support/authenticated';
import { createWorld } from '../nodes/support/world';

const types: ICredentialType[] = [new ArcusErpApi(), new ArpioApi(), new AuditApi(), new OtlpApi()];
const named = types.map((type): [string, ICredentialType] => [type.name, type]);

/** The request of the credential's test, with its expressions resolved. */
function testOf(type: ICredentialType, credentials: Record<string, unknown>): string {
	const { baseURL = '', url = '', qs } = type.test!.request;
	const query = new URLSearchParams(qs as Record<string, string>).toString();
	return resolved(baseURL, credentials) + resolved(url, credentials) + (query && `?${query}`);
}

describe.each(named)('%s', (name, type) => {
	it('is described', () => expect(JSON.parse(JSON.stringify(type))).toMatchSnapshot());

	it('masks what is secret', () => {
		const secret = type.properties.filter((property) => /key|secret|token|password/i.test(property.name));
		expect(secret.length).toBeGreaterThan(0);
		for (const { typeOptions } of secret) expect(typeOptions).toEqual({ password: true });
	});

	it('has icons', () => {
		const { light, dark } = type.icon as { light: string; dark: string };
		for (const icon of [light, dark]) expect(readFileSync(icon.replace('file:..', '.'), 'utf8')).toMatch(/^<svg /);
	});

	if (name === 'otlpApi') return;

	it('is accepted by the provider with the right key only, whatever space is around it', async () => {
		const world = createWorld();
		const right = world.credentials[name]!;
		const status = async (credentials: Record<string, string>) => {
			world.credentials[name] = credentials;
			return (await world.request(name, { url: testOf(type, credentials), method: 'GET' })).statusCode;
		};
		expect(await status(right)).toBe(200);
		expect(await status({ ...right, apiKey: ` ${right.apiKey}\n`, baseUrl: `${right.baseUrl}/ ` })).toBe(200);
		expect(await status({ ...right, apiKey: 'wrong:key' })).toBe(401);
	});

	it('falls back to the public address', () => {
		const { default: address } = type.properties.find((property) => property.name === 'baseUrl')!;
		expect(testOf(type, { apiKey: 'k', accountId: 'a/b', baseUrl: '' })).toContain(address);
	});
});

it('puts the entity into the path where Arcus ERP wants it', () => {
	const credentials = { baseUrl: 'https://x.test/v1', entityId: 'e 1' };
	expect(testOf(new ArcusErpApi(), credentials)).toBe('https://x.test/v1/entities/e%201/audit_log_entries?limit=1');
});

describe('OTLP', () => {
	const type = new OtlpApi();

	it.each([
		[{ preset: 'collector', endpoint: 'https://c.test:4318' }, 'https://c.test:4318/v1/logs'],
		[{ preset: 'collector', endpoint: 'https://c.test/otlp/v1/logs/ ' }, 'https://c.test/otlp/v1/logs'],
		[{ preset: 'collector', endpoint: 'https://c.test/otlp/?token=a%2Fb' }, 'https://c.test/otlp/v1/logs?token=a%2Fb'],
		[{ preset: 'collector', endpoint: 'https://c.test/v1/logs?token=x' }, 'https://c.test/v1/logs?token=x'],
		[{ preset: 'datadog', endpoint: '', site: 'us5.datadoghq.com' }, 'https://otlp.us5.datadoghq.com/v1/logs'],
	])('tests %j at its logs endpoint', (credentials, url) => {
		expect(testOf(type, credentials)).toBe(url);
	});

	it.each<[IDataObject, IDataObject]>([
		[{ preset: 'datadog', apiKey: ' k ', secretHeaders: '' }, { 'dd-api-key': 'k' }],
		[{ preset: 'collector', apiKey: 'left over', secretHeaders: '' }, {}],
		[
			{ preset: 'collector', secretHeaders: ' Authorization=Basic%20YTpi== , x-scope=1%,broken,=none' },
			{ authorization: 'Basic YTpi==', 'x-scope': '1%' },
		],
	])('sends the headers of %j', async (credentials, headers) => {
		const sent = await authenticated(type, credentials, { url: '', headers: { accept: 'x' } });
		expect(sent.headers).toEqual({ accept: 'x', ...headers });
	});
});
