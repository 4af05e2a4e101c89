/** Whoever may edit a workflow, and not the credential, cannot send its key elsewhere. */
import type { INodeParameters } from 'n8n-workflow';
import { AuditLog } from '../../nodes/AuditLog/AuditLog.node';
import { AuditLogTrigger } from '../../nodes/AuditLog/AuditLogTrigger.node';
import { addressBelow } from '../../nodes/shared/below';
import type { Declaration } from '../../providers/declared/form/declaration';
import { declared } from '../../providers/registry';
import { execute, rows } from './support/context';
import { declaredScene, examplesOf, type DeclaredScene } from './support/declared';
import { poller } from './support/poller';
import { createWorld, type World } from './support/world';

const node = new AuditLog();
const trigger = new AuditLogTrigger();
const BASE = 'https://declared.test/base';

/** One that nobody has built in. */
const github = declared.find(({ name }) => name === 'github')!;
const acme: Declaration = { ...github, name: 'acme', title: 'Acme', baseUrl: BASE };

let world: World;
let scene: DeclaredScene;
beforeEach(() => {
	world = createWorld();
	scene = declaredScene(world, acme, { examples: examplesOf(github) });
	for (let minutes = 1; minutes < 250; minutes++) scene.happen(minutes);
});

const settings = { setting: [{ name: 'organization', value: 'acme' }] };
const pasted = (declaration: unknown, more: INodeParameters = {}): INodeParameters => ({
	...{ provider: 'pasted', declaration: JSON.stringify(declaration), settings },
	...more,
});

it('lists what a declaration describes that somebody pasted, and starts workflows on it', async () => {
	const all = await rows(world, node, pasted(acme, { returnAll: true, options: { includeRaw: true } }));
	expect(all.map(({ raw }) => raw).sort()).toEqual(scene.texts().sort());
	const polls = poller(world, trigger, pasted(acme, { options: { includeRaw: true, health: 'day' } }));
	await polls.poll();
	const raw = scene.happen();
	world.clock.advance(60_000);
	expect((await polls.poll())!.map((item) => item.raw)).toContain(raw);
	for (const { headers } of world.requests) expect(headers['x-github-api-version']).toBe('2022-11-28');
});

it('takes the base URL of the credential for a provider that is built in, whatever its settings are', async () => {
	expect(await rows(world, node, { ...scene.parameters, provider: 'github' })).toHaveLength(50);
});

const yaml = (changed: Partial<Declaration>) => pasted({ ...acme, ...changed });
const path = (text: string) => yaml({ request: { ...acme.request, path: text } });
const named = (name: string) => ({ setting: [...settings.setting, { name, value: 'elsewhere.test' }] });
const ELSEWHERE = /for another address than the credential/;
const OUT = /leads out of the base URL/;
const host = { title: 'Host', description: 'A host', required: true, identity: true };

it.each<[what: string, parameters: INodeParameters, said: RegExp]>([
	['another host', yaml({ baseUrl: 'https://elsewhere.test/base' }), ELSEWHERE],
	['another folder', yaml({ baseUrl: 'https://declared.test/other' }), ELSEWHERE],
	['a folder above', yaml({ baseUrl: 'https://declared.test' }), ELSEWHERE],
	['another port', yaml({ baseUrl: 'https://declared.test:444/base' }), ELSEWHERE],
	['a host that begins the same', yaml({ baseUrl: 'https://declared.test.elsewhere.test/base' }), ELSEWHERE],
	[
		'a setting in the place of the host',
		{
			...yaml({ baseUrl: 'https://{host}/base', settings: { ...acme.settings, host } }),
			settings: named('host'),
		},
		ELSEWHERE,
	],
	['a user in front of the host', yaml({ baseUrl: 'https://declared.test@elsewhere.test/base' }), /cannot be used/],
	['an absolute address as path', path('https://elsewhere.test/log'), /cannot be used/],
	['a path without a scheme', path('//elsewhere.test/log'), OUT],
	['dots', path('/../log'), OUT],
	['dots further on', path('/a/../../log'), OUT],
	['encoded dots', path('/%2e%2E/log'), OUT],
	['dots encoded twice', path('/%252e%252e/log'), OUT],
	['an encoded slash after dots', path('/a/..%2Flog'), OUT],
	['a backslash', path('/a\\..\\..\\log'), OUT],
	['a tabulator among the dots', path('/.\t./log'), OUT],
	[
		'dots in a setting',
		{ ...path('/{organization}/log'), settings: { setting: [{ name: 'organization', value: '..' }] } },
		OUT,
	],
	[
		'dots and a slash in a setting',
		{ ...path('/{organization}/log'), settings: { setting: [{ name: 'organization', value: '../../log' }] } },
		OUT,
	],
	[
		'a header that names another host',
		yaml({ request: { ...acme.request, headers: { host: 'elsewhere.test' } } }),
		/cannot be used/,
	],
	['the key in a header that names the host', yaml({ auth: { kind: 'header', name: 'host' } }), /cannot be used/],
	[
		'the key in the query',
		yaml({ request: { ...acme.request, query: { ...acme.request.query, k: '{apiKey}' } } }),
		/cannot be used/,
	],
])('refuses %s before any request', async (_what, parameters, said) => {
	await expect(rows(world, node, parameters)).rejects.toThrow(said);
	await expect(poller(world, trigger, parameters).poll()).rejects.toThrow(said);
	expect(world.requests).toEqual([]);
});

it('never sends a secret that is given as a setting', async () => {
	const parameters = { ...pasted(acme), settings: named('apiKey') };
	await expect(rows(world, node, parameters)).rejects.toThrow(/setting apiKey is secret/);
	const open = { ...acme.settings, apiKey: { title: 'Key', description: 'A key', required: true, identity: true } };
	const query = { ...acme.request.query, k: '{apiKey}' };
	const asked = { ...yaml({ settings: open, request: { ...acme.request, query } }), settings: named('apiKey') };
	await rows(world, node, asked).catch(() => undefined);
	expect(world.requests.length).toBeGreaterThan(0);
	for (const { url } of world.requests) expect(url).not.toContain(world.credentials['auditLogApi']!['apiKey']);
});

it.each(['https://elsewhere.test/base', 'https://declared.test/other', '//elsewhere.test/base'])(
	'does not follow a next page to %s',
	async (where) => {
		world.interfere = (number) =>
			number > 1 ? undefined : { headers: { link: `<${where}/orgs/acme/elsewhere?after=x>; rel="next"` } };
		await expect(rows(world, node, pasted(acme, { returnAll: true }))).rejects.toThrow(/not the answer/);
		expect(world.requests).toHaveLength(1);
	},
);

it('says with the line what is wrong with a pasted text', async () => {
	const said = async (declaration: string) => {
		const { output } = await execute(world, node, { parameters: { ...pasted(acme), declaration } }).catch(
			({ message, description }: { message: string; description: string }) => ({
				output: [message, description].join(': '),
			}),
		);
		return output;
	};
	const mistyped = JSON.stringify(acme, null, 2).replace('"title": "Acme"', '"titel": "Acme"');
	expect(await said(mistyped)).toMatch(/Line 3: titel unknown key\. Did you mean "title"\?/);
	expect(await said('name: acme')).toMatch(/And \d+ more\./);
	expect(await said('name: acme\n\tx: 1\n')).toMatch(/not valid YAML: Line 2: /);
	expect(await said(' ')).toMatch(/is empty/);
	expect(await said(`${'['.repeat(20_000)}`)).toMatch(/not valid YAML/);
	expect(await said('a: &a [*a, *a]')).toMatch(/cannot be used/);
});

it.each<[string, Declaration['auth'], RegExp]>([
	[
		'signed assertions',
		{ kind: 'jwtAssertion', tokenUrl: 'https://declared.test/token' },
		/signed assertions, which n8n cannot make/,
	],
	['several keys', { kind: 'headers', headers: { 'x-a': 'apiKey' } }, /several keys at once/],
	['OAuth2', { kind: 'clientCredentials', tokenUrl: 'https://declared.test/token' }, /wants a token of OAuth2/],
	['a password', { kind: 'basic', password: 'apiKey' }, /wants a user and a password/],
	['another header', { kind: 'header', name: 'x-api-key' }, /wants its key in another way/],
	['another scheme', { kind: 'header', scheme: 'SSWS' }, /wants its key in another way/],
])('says that the credential does not fit an API that wants %s', async (_what, auth, said) => {
	await expect(rows(world, node, pasted({ ...acme, auth }))).rejects.toThrow(said);
	expect(world.requests).toEqual([]);
});

it('sends a user and a password', async () => {
	const basic = { ...acme.settings, password: { title: 'Password', description: 'One', required: true, secret: true } };
	const auth = { kind: 'basic', password: 'password' } as const;
	const declaration: Declaration = { ...acme, settings: { ...basic }, auth };
	world = createWorld();
	scene = declaredScene(world, declaration, { examples: examplesOf(github) });
	scene.happen(1);
	expect(await rows(world, node, pasted(declaration))).toHaveLength(1);
});

it('takes the words of the provider for too many requests, and waits', async () => {
	const reset = String(Math.floor(world.clock.now() / 1000) + 30);
	const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
	world.interfere = (number) => (number > 1 ? undefined : { status: 403, headers, body: '{}' });
	const before = world.clock.now();
	expect(await rows(world, node, pasted(acme))).toHaveLength(50);
	expect(world.clock.now() - before).toBeGreaterThanOrEqual(29_000);
});

it('asks for a new token when one is refused, and says so when there is none', async () => {
	const entra = declared.find(({ auth }) => auth.kind === 'clientCredentials')!;
	world = createWorld();
	scene = declaredScene(world, entra, { readings: { tokensLast: 60_000 } });
	scene.happen(1);
	expect(await rows(world, node, scene.parameters)).toHaveLength(1);
	world.clock.advance(120_000);
	expect(await rows(world, node, scene.parameters)).toHaveLength(1);
	expect(world.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
	world.clock.advance(120_000);
	world.credentials['auditLogOAuth2Api']!['clientSecret'] = 'wrong';
	await expect(rows(world, node, scene.parameters)).rejects.toThrow(/did not accept the API key/);
});

it('holds every request of every service to the base URL', () => {
	expect(addressBelow('https://x.test', '/a%20b/c')).toBe('https://x.test/a%20b/c');
	expect(() => addressBelow('https://x.test', '@elsewhere.test/')).toThrow(OUT);
	expect(() => addressBelow('https://x.test', '.elsewhere.test/')).toThrow(OUT);
});
