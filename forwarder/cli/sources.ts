/** From a configured source to one that can be read: transport, pace and provider put together. */
import { createHash } from 'node:crypto';
import type { Call, Clock, Source, Transport } from '../../core/contract';
import type { Integrity, Provider } from '../../core/provider';
import { RequestError } from '../../core/http/failure';
import { createDomain, polite, type Domain } from '../../core/http/politeness';
import { readingJson } from '../../core/http/readJson';
import { translated } from '../../core/http/translated';
import { renewing } from '../../core/http/renewing';
import type { Warn } from '../config/files';
import { readSecrets } from '../config/secrets';
import type { SourceConfig } from '../config/types';
import { httpTransport } from '../http/httpTransport';
import type { Requested } from '../run/requested';
import { tokensFor } from './tokens';
import { USER_AGENT } from '../version';

export interface SourceDeps {
	clock: Clock;
	random: () => number;
	/** For proxies. */
	env: Readonly<Record<string, string | undefined>>;
	/** One per process: sources with the same key share one limiter. */
	domains: Domains;
	/** Resolves when a request may begin. Default: at once. */
	admitted?: (signal?: AbortSignal) => Promise<void>;
	/** Told once when the file of a key or a certificate cannot be used and its last content is. */
	warn?: Warn;
	/** Told about every request that ended, but for those that were stopped. */
	onRequest?: (one: Requested) => void;
}

export interface OpenSource {
	provider: Provider;
	source: Source;
	/** For back-fill and checks: made when there is something to do. */
	background: () => Background;
	call: Call;
	domain: Domain;
}

/** Its requests let those of live polls go first. */
export interface Background {
	source: Source;
	/** Absent: the provider offers nothing to check its log with. */
	integrity?: Integrity;
}

/** Domains by credential. */
export type Domains = Map<string, Domain>;

/** Throws `SecretError` when the key cannot be read now. */
export async function openSource(
	config: SourceConfig,
	{ clock, random, env, domains, admitted, warn, onRequest }: SourceDeps,
): Promise<OpenSource> {
	const { provider, settings, sizes } = config;
	const key = await limiterOf(config);
	const domain = domains.get(key) ?? createDomain({ ...config.rateLimit, clock, random });
	domains.set(key, domain);
	const tokens = tokensFor(domain, config, { clock, env, warn });
	const http = httpTransport({
		baseUrl: config.baseUrl,
		headers: async () => {
			const secrets = await readSecrets(config.secrets, warn);
			return tokens ? tokens.authorize(secrets) : provider.authorize(secrets, settings);
		},
		userAgent: USER_AGENT,
		tls: config.tls,
		warn,
		proxyEnv: env,
	});
	const timed = onRequest ? timing(http, provider.name, onRequest) : http;
	const transport: Transport = async (request) => {
		await admitted?.(request.signal);
		return timed(request);
	};
	const reading = readingJson(translated(renewing(transport, tokens), provider, clock), clock);
	const door = { clock, baseUrl: config.baseUrl };
	const call = polite(reading, domain);
	const source = provider.source(call, settings, sizes, door);
	const background = () => {
		const call = polite(reading, domain, 'background');
		const integrity = provider.integrity?.(call, settings);
		return { source: provider.source(call, settings, sizes, door), ...(integrity && { integrity }) };
	};
	return { provider, source, background, call, domain };
}

function timing(send: Transport, name: string, told: (one: Requested) => void): Transport {
	return async (request) => {
		const begun = performance.now();
		const tookMs = () => performance.now() - begun;
		try {
			const { status, body, ...rest } = await send(request);
			told({ to: 'provider', name, tookMs: tookMs(), status, bytes: body.length });
			return { status, body, ...rest };
		} catch (error) {
			const stopped = error instanceof RequestError && error.failure.kind === 'aborted';
			if (!stopped) told({ to: 'provider', name, tookMs: tookMs() });
			throw error;
		}
	};
}

/** What requests with the same key share. The key itself is hashed: map keys turn up in heap dumps and debuggers. */
export async function limiterOf({ provider, baseUrl, secrets }: SourceConfig): Promise<string> {
	const hash = createHash('sha256').update(JSON.stringify(await readSecrets(secrets)));
	return `${provider.name} ${baseUrl} ${hash.digest('hex')}`;
}
