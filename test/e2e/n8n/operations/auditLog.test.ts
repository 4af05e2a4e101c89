/** Declared providers in a real n8n: lists, a trigger, OAuth2 by n8n's own credential, and where keys do not go. */
import { globSync, readFileSync } from 'node:fs';
import type { Declaration } from '../../../../providers/declared/form/declaration';
import { declared } from '../../../../providers/registry';
import { declaredApi, type DeclaredApi } from '../../../../sandbox/declared/api';
import { get, type Json } from '../../../../sandbox/declared/places';
import type { SimulatedApi } from '../../../../sandbox/api';
import { serve, type SimServer } from '../../../../sandbox/server';
import { decodeRequest } from '../../../support/otlp';
import { until } from '../../support/wait';
import { credential } from '../support/credentials';
import { scene } from '../support/scene';
import { node, workflow } from '../support/workflow';
import { action } from './action';

const KEY = 'made-up-key-0123456789';
const settings = {
	...{ organization: 'acme', scope: 'orgs', events: 'all' },
	...{ tenant: 'acme', log: 'directoryAudits', clientId: 'reader' },
};
const clock = { now: () => Date.now() };

interface Played {
	api: DeclaredApi;
	server: SimServer;
	happen(minutesAgo?: number): string;
}

async function play(name: string): Promise<Played> {
	const declaration = declarationOf(name);
	let handle: SimulatedApi['handle'] = () => ({ status: 503, headers: {}, body: '' });
	const server = await serve({ handle: (request) => handle(request) });
	const api = declaredApi({
		...{ declaration, clock, settings, baseUrl: server.url },
		secrets: { apiKey: KEY, clientSecret: KEY },
		examples: examplesOf(declaration),
	});
	({ handle } = api);
	let count = 0;
	const happen = (minutesAgo = 0) =>
		api.log.add(api.maker.event(count++, (Date.now() - minutesAgo * 60_000) * 1000)).raw;
	for (let minutes = 30; minutes > 0; minutes--) happen(minutes);
	return { api, server, happen };
}

const declarationOf = (name: string) => declared.find((one) => one.name === name)!;

function examplesOf({ name, list }: Declaration): Json[] {
	return globSync(`providers/${name}/${name}.page*.json`).flatMap((file) => {
		const page = JSON.parse(readFileSync(file, 'utf8')) as Json;
		return (list?.at === undefined ? page : get(page, list.at)) as Json[];
	});
}

let github: Played;
let entra: Played;

beforeAll(async () => {
	[github, entra] = [await play('github'), await play('entra')];
});
afterAll(() => Promise.all([github, entra].map(({ server }) => server.close())));

const real = scene({
	credentials: () => [
		credential('auditLogApi', 'GitHub', { baseUrl: github.server.url, authentication: 'bearer', apiKey: KEY }),
		credential('auditLogApi', 'Acme', { baseUrl: 'https://acme.test/v1', apiKey: KEY }, 'acme'),
		credential('auditLogOAuth2Api', 'Entra', {
			...{ baseUrl: entra.server.url, grantType: 'clientCredentials', authentication: 'body' },
			...{ accessTokenUrl: `${entra.server.url}/acme/oauth2/v2.0/token`, clientId: 'reader', clientSecret: KEY },
		}),
	],
});

const ofGithub = { authentication: 'key', provider: 'github', settingOrganization: 'acme', settingScope: 'orgs' };
const list = (name: string, parameters: Record<string, unknown>, more: Record<string, unknown> = {}) =>
	action(name, 'auditLog', 'event.getAll', { returnAll: true, ...parameters }, more);
const rawOf = (items: Record<string, unknown>[]) => items.map(({ raw }) => raw).sort();
const textsOf = ({ api }: Played) =>
	api.log
		.all()
		.map(({ raw }) => raw)
		.sort();

it('lists GitHub, and OTLP Logs ships it', async () => {
	const run = await real.run(
		list('GitHub', { ...ofGithub, options: { includeRaw: true } }),
		node('OTLP Logs', 'otlpLogs', { options: {} }),
	);
	expect(run.error).toBeUndefined();
	expect(rawOf(run.json('GitHub'))).toEqual(textsOf(github));
	expect(run.json('OTLP Logs')).toHaveLength(30);
	const records = real.sandbox.receiver!.requests.flatMap(({ body }) => decodeRequest(body));
	expect(records.map(({ body }) => body).sort()).toEqual(textsOf(github));
	expect(github.api.complaints).toEqual([]);
});

const ofEntra = { credentials: { auditLogOAuth2Api: { id: 'auditLogOAuth2Api', name: 'Entra' } } };
const entraFields = {
	...{ authentication: 'oAuth2', provider: 'entra', settingLog: 'directoryAudits' },
	options: { includeRaw: true },
};

it('reads Entra with tokens of n8n, and with a new one when one is refused', async () => {
	const first = await real.run(list('Entra', entraFields, ofEntra));
	expect(first.error).toBeUndefined();
	expect(rawOf(first.json('Entra'))).toEqual(textsOf(entra));
	let refusals = 0;
	entra.server.setFaults((_number, { url }) =>
		url.startsWith('/v1.0/') && refusals++ < 2 ? { kind: 'status', status: 401 } : undefined,
	);
	const second = await real.run(list('Entra', entraFields, ofEntra));
	expect(second.error).toBeUndefined();
	expect(second.json('Entra')).toHaveLength(30);
	expect(entra.server.requests.filter(({ url }) => url.endsWith('/token'))).toHaveLength(2);
	entra.server.setFaults(() => ({ kind: 'status', status: 401, body: '{"error":"invalid_client"}' }));
	const third = await real.run(list('Entra', entraFields, ofEntra));
	entra.server.setFaults(undefined);
	expect(third.error?.message).toMatch(/did not accept the API key/);
});

it('sends nothing for a pasted declaration of another host, or with a path that leads out', async () => {
	const before = github.server.requests.length;
	const pasted = (baseUrl: string, path: string) => {
		const of = declarationOf('github');
		const declaration = JSON.stringify({ ...of, baseUrl, request: { ...of.request, path } });
		const setting = [{ name: 'organization', value: 'acme' }];
		return { ...ofGithub, provider: 'pasted', declaration, settings: { setting } };
	};
	const acme = { credentials: { auditLogApi: { id: 'acme', name: 'Acme' } } };
	const [host, out] = await real.runEach(
		[list('Pasted', pasted('https://elsewhere.test', '/orgs/{organization}/audit-log'))],
		[list('Pasted', pasted('https://acme.test/v1', '/%2e%2e/{organization}'), acme)],
	);
	expect(host!.error?.message).toMatch(/another address than the credential/);
	expect(out!.error?.message).toMatch(/leads out of the base URL/);
	expect(github.server.requests).toHaveLength(before);
});

it('starts a workflow on each new event once', async () => {
	const everySixSeconds = {
		item: Array.from({ length: 10 }, (_, n) => ({ mode: 'custom', cronExpression: `${n * 6} * * * * *` })),
	};
	const parameters = { ...ofGithub, pollTimes: everySixSeconds, options: { includeRaw: true, health: 'day' } };
	await real.n8n.importWorkflows(
		workflow('watch', node('Trigger', 'auditLogTrigger', parameters), node('Next', 'n8n-nodes-base.noOp')),
	);
	const server = await real.n8n.start();
	const before = github.server.requests.length;
	await server.activate('watch');
	await until('the trigger has begun', () => github.server.requests.length > before, 60_000, server.output);
	const given = async () =>
		(await server.runs('watch')).flatMap((run) => run.json('Trigger')).flatMap(({ raw }) => raw ?? []);
	const texts: string[] = [];
	for (let round = 0; round < 2; round++) {
		texts.push(github.happen(), github.happen());
		await until('they have started it', async () => (await given()).length >= texts.length, 60_000, server.output);
	}
	expect([...(await given())].sort()).toEqual([...texts].sort());
	await server.stop();
});
