/** A declared API in the world of the nodes, with a credential for it and events to list. */
import { globSync, readFileSync } from 'node:fs';
import type { INodeParameters } from 'n8n-workflow';
import { declaredProvider } from '../../../providers/declared/provider';
import type { Declaration } from '../../../providers/declared/form/declaration';
import type { Provider } from '../../../core/provider';
import { askedSettings, parameterOf } from '../../../nodes/AuditLog/providers';
import { declaredApi, type DeclaredApi } from '../../../sandbox/declared/api';
import { fill, get, type Json } from '../../../sandbox/declared/places';
import type { Readings } from '../../../sandbox/declared/readings';
import { FAST, type World } from './world';

const KEY = 'made-up-key-0123456789';

export interface DeclaredScene {
	api: DeclaredApi;
	provider: Provider;
	/** Of the node, for a provider that is built in. */
	parameters: INodeParameters;
	/** Makes an event, and returns its text. */
	happen(minutesAgo?: number, visibleInMs?: number): string;
	/** Texts of all events, the oldest first. */
	texts(): string[];
}

/** Events of the examples that stand beside a declaration that is built in. */
export function examplesOf({ name, list }: Declaration): Json[] {
	return globSync(`providers/${name}/${name}.page*.json`)
		.sort()
		.flatMap((file) => {
			const page = JSON.parse(readFileSync(file, 'utf8')) as unknown;
			return (list?.at === undefined ? page : get(page as Json, list.at)) as Json[];
		});
}

export function declaredScene(
	world: World,
	declaration: Declaration,
	{ examples = examplesOf(declaration), readings = {} }: { examples?: Json[]; readings?: Partial<Readings> } = {},
): DeclaredScene {
	const provider = declaredProvider(declaration);
	const { auth } = declaration;
	const settings = Object.fromEntries(
		Object.entries(provider.settings)
			.filter(([, { secret }]) => !secret)
			.map(([name, { default: usual, values, example }]) => [name, usual ?? values?.[0] ?? example ?? 'acme']),
	);
	const host = 'https://declared.test';
	const baseUrl = `${host}/base`;
	const secrets = { apiKey: KEY, clientSecret: KEY, ...(auth.password && { [auth.password]: KEY }) };
	const api = declaredApi({ declaration, clock: world.clock, settings, secrets, examples, readings, baseUrl });
	world.others.push({ host, api });
	world.credentials['auditLogApi'] = {
		baseUrl: `${baseUrl}/`,
		authentication: auth.kind === 'basic' ? 'basic' : auth.scheme === 'Bearer' && !auth.name ? 'bearer' : 'header',
		headerName: auth.name ?? 'Authorization',
		scheme: auth.scheme ?? '',
		apiKey: KEY,
		username: auth.user ? settings[auth.user]! : '',
		password: KEY,
		...FAST,
	};
	const tokenPath = auth.tokenUrl === undefined ? '' : new URL(fill(auth.tokenUrl, settings)).pathname;
	world.credentials['auditLogOAuth2Api'] = {
		...{ baseUrl, accessTokenUrl: host + tokenPath, clientId: settings['clientId'] ?? '', clientSecret: KEY },
		...FAST,
	};
	let count = 0;
	return {
		api,
		provider,
		parameters: {
			provider: declaration.name,
			authentication: auth.kind === 'clientCredentials' ? 'oAuth2' : 'key',
			...Object.fromEntries(askedSettings(declaration, false).map(([name]) => [parameterOf(name), settings[name]!])),
		},
		happen(minutesAgo = 0, visibleInMs) {
			const { clock } = world;
			const visibleAt = visibleInMs === undefined ? undefined : clock.now() + visibleInMs;
			return api.log.add(api.maker.event(count++, (clock.now() - minutesAgo * 60_000) * 1000, visibleAt)).raw;
		},
		texts: () => api.log.all().map(({ raw }) => raw),
	};
}
