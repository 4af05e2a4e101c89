/** From a credential to a polite call. */
import type { Call } from '../../core/contract';
import type { Provider, Settings } from '../../core/provider';
import { text } from '../../core/record/attributes';
import { hash128 } from '../../core/record/hash';
import { createDomain, polite, type Domain, type Tries, type Urgency } from '../../core/http/politeness';
import { readingJson } from '../../core/http/readJson';
import { translated } from '../../core/http/translated';
import { runtime } from './runtime';
import type { Requesting } from './send';
import { n8nTransport } from './transport';

export interface PacedCredential {
	requestsPerMinute?: number;
	processes?: number;
}

export interface ApiCredential extends PacedCredential {
	baseUrl?: string;
	apiKey?: string;
	/** Basic authentication. */
	username?: string;
	/** OAuth2. */
	clientId?: string;
}

/** A pause that lasts longer than it goes on with repeats is told at once. */
export type RequestOptions = Tries;

export interface Connection {
	/** Of the credential's key at its address; holds no secret. */
	key: string;
	call: Call;
	domain: Domain;
	credential: ApiCredential;
	/** Those that the provider declares and that are not secret, as the credential has them. */
	settings: Settings;
	baseUrl: string;
}

export async function connect(
	context: Requesting,
	credentialType: string,
	provider: Pick<Provider, 'defaults' | 'answer' | 'settings'>,
	options: RequestOptions & { keepTryingMs: number },
	urgency?: Urgency,
): Promise<Connection> {
	const credential = await context.getCredentials<ApiCredential>(credentialType);
	const baseUrl = (credential.baseUrl?.trim() || provider.defaults.baseUrl).replace(/\/+$/, '');
	const { apiKey, username, clientId } = credential;
	const key = `${credentialType} ${hash128(`${baseUrl}\n${apiKey || username || clientId || ''}`)}`;
	const domain = domainOf(key, credential, provider.defaults);
	const decrypted = { id: '', name: '', type: credentialType, data: { ...credential } };
	const transport = n8nTransport(context, decrypted, baseUrl);
	const { clock } = runtime;
	const call = polite(readingJson(translated(transport, provider, clock), clock), domain, urgency, options);
	return { key, call, domain, credential, settings: settingsIn(credential, provider), baseUrl };
}

function settingsIn(credential: object, provider: Pick<Provider, 'settings'>): Settings {
	const fields = new Map<string, unknown>(Object.entries(credential));
	const open = Object.entries(provider.settings).filter(([, { secret }]) => !secret);
	// a credential that was saved before there was the field lacks it
	return Object.fromEntries(open.map(([name, setting]) => [name, text(fields.get(name))?.trim() || setting.default]));
}

/** The limiter of a credential. How long it tries is the node's own affair. */
export function domainOf(
	key: string,
	credential: PacedCredential,
	defaults: { requestsPerMinute: number; burst?: number },
): Domain {
	const { clock, random, domains } = runtime;
	const processes = positive(credential.processes) ?? 1;
	const requestsPerMinute = (positive(credential.requestsPerMinute) ?? defaults.requestsPerMinute) / processes;
	const burst = Math.max(1, Math.floor((defaults.burst ?? 1) / processes));
	const shared = domains.get(key) ?? createDomain({ clock, random });
	domains.set(key, shared);
	shared.setLimits({ requestsPerMinute, burst });
	return shared;
}

/** Credentials that were saved before have no such field, and expressions give text. */
function positive(value: unknown): number | undefined {
	return Number(value) > 0 ? Number(value) : undefined;
}
