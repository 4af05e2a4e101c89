/** From a credential to a polite call. */
import type { Call, Provider } from '../../providers/contract';
import { hash128 } from '../../providers/hash';
import { createDomain, polite, type Domain } from '../../providers/http/politeness';
import { readingJson } from '../../providers/http/readJson';
import { runtime } from './runtime';
import type { Requesting } from './send';
import { n8nTransport } from './transport';

export interface ApiCredential {
	baseUrl?: string;
	apiKey?: string;
	/** Arpio. */
	accountId?: string;
	/** Arcus ERP. */
	entityId?: string;
}

export interface RequestOptions {
	/** Sets the pace of the credential, for all nodes that share it. */
	requestsPerMinute?: number;
	/** Repeats after the first attempt. */
	retries?: number;
	/** Instead of a number of repeats: how long to go on with them. */
	keepTryingMs?: number;
}

export interface Connection {
	call: Call;
	domain: Domain;
	credential: ApiCredential;
	baseUrl: string;
}

export async function connect(
	context: Requesting,
	credentialType: string,
	{ defaults }: Pick<Provider, 'defaults'>,
	options: RequestOptions = {},
): Promise<Connection> {
	const credential = await context.getCredentials<ApiCredential>(credentialType);
	const baseUrl = (credential.baseUrl?.trim() || defaults.baseUrl).replace(/\/+$/, '');
	const key = `${credentialType} ${hash128(`${baseUrl}\n${credential.apiKey ?? ''}`)}`;
	const domain = domainOf(key, defaults.requestsPerMinute, options);
	const decrypted = { id: '', name: '', type: credentialType, data: { ...credential } };
	const call = polite(readingJson(n8nTransport(context, decrypted, baseUrl), runtime.clock), domain);
	return { call, domain, credential, baseUrl };
}

/** The limiter of a credential. Retries are the node's own affair, so they lie over the shared domain. */
export function domainOf(key: string, requestsPerMinute: number, options: RequestOptions): Domain {
	const { clock, random, domains } = runtime;
	const shared =
		domains.get(key) ??
		createDomain({ clock, random, requestsPerMinute: options.requestsPerMinute ?? requestsPerMinute });
	domains.set(key, shared);
	if (options.requestsPerMinute !== undefined) shared.setPace(options.requestsPerMinute);
	const { keepTryingMs, retries = keepTryingMs === undefined ? undefined : Infinity } = options;
	if (retries === undefined) return shared;
	const own = { options: { value: { ...shared.options, retries, keepTryingMs: keepTryingMs ?? Infinity } } };
	return Object.create(shared, own) as Domain;
}
