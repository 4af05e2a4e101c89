/** From a credential to a polite call. */
import type { Call, Provider } from '../../providers/contract';
import { hash128 } from '../../providers/hash';
import { createDomain, polite, type Domain, type Urgency } from '../../providers/http/politeness';
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
	/** How long to go on with repeats; a pause that lasts longer is told at once. */
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
	options: RequestOptions & { keepTryingMs: number },
	urgency?: Urgency,
): Promise<Connection> {
	const credential = await context.getCredentials<ApiCredential>(credentialType);
	const baseUrl = (credential.baseUrl?.trim() || defaults.baseUrl).replace(/\/+$/, '');
	const key = `${credentialType} ${hash128(`${baseUrl}\n${credential.apiKey ?? ''}`)}`;
	const domain = domainOf(key, defaults.requestsPerMinute, options);
	const decrypted = { id: '', name: '', type: credentialType, data: { ...credential } };
	const call = polite(readingJson(n8nTransport(context, decrypted, baseUrl), runtime.clock), domain, urgency);
	return { call, domain, credential, baseUrl };
}

/** The limiter of a credential. How long it tries is the node's own affair, so that lies over the shared domain. */
export function domainOf(key: string, requestsPerMinute: number, options: RequestOptions): Domain {
	const { clock, random, domains } = runtime;
	const shared =
		domains.get(key) ??
		createDomain({ clock, random, requestsPerMinute: options.requestsPerMinute ?? requestsPerMinute });
	domains.set(key, shared);
	if (options.requestsPerMinute !== undefined) shared.setPace(options.requestsPerMinute);
	const { keepTryingMs = shared.options.keepTryingMs, retries = shared.options.retries } = options;
	return Object.create(shared, { options: { value: { ...shared.options, retries, keepTryingMs } } }) as Domain;
}
