/** Tokens for sources whose credentials have to be fetched. */
import { createSign } from 'node:crypto';
import type { Clock } from '../../core/contract';
import type { TokenDoor, Tokens } from '../../core/provider';
import type { Domain } from '../../core/http/politeness';
import type { Env } from '../config/secrets';
import type { SourceConfig } from '../config/types';
import type { Warn } from '../config/files';
import { httpTransport } from '../http/httpTransport';
import { USER_AGENT } from '../version';

interface Deps {
	clock: Clock;
	env: Env;
	warn?: Warn;
}

/** Streams with one credential share its tokens. */
const shared = new WeakMap<Domain, Map<string, Tokens>>();

export function tokensFor(domain: Domain, { provider, settings, tls }: SourceConfig, deps: Deps): Tokens | undefined {
	const fresh = provider.tokens?.(door({ ...deps, tls }), settings);
	if (!fresh) return undefined;
	const known = shared.get(domain) ?? new Map<string, Tokens>();
	shared.set(domain, known);
	const tokens = known.get(fresh.key) ?? fresh;
	known.set(fresh.key, tokens);
	return tokens;
}

function door({ clock, env, tls, warn }: Deps & Pick<SourceConfig, 'tls'>): TokenDoor {
	return {
		clock,
		post(url, headers, body) {
			const { origin, pathname, search } = new URL(url);
			const send = httpTransport({
				...{ baseUrl: origin, tls, warn, proxyEnv: env, userAgent: USER_AGENT },
				headers: async () => ({}),
			});
			return send({ method: 'POST', path: pathname + search, headers, body });
		},
		async sign(key, text) {
			try {
				return createSign('RSA-SHA256').update(text).sign(key, 'base64url');
			} catch {
				// the library's own words may quote the key
				throw new Error('The private key in the key file cannot be used.');
			}
		},
	};
}
