import { EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici';
import type { Tls } from '../config/types';

/**
 * Connections to one receiver, through the proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`).
 * Certificates are checked even when `NODE_TLS_REJECT_UNAUTHORIZED=0` is set for something else in the environment; a
 * private authority comes in by `NODE_EXTRA_CA_CERTS`.
 */
export function createDispatcher(
	origin: string,
	connections: number,
	env: Readonly<Record<string, string | undefined>> = process.env,
	certificates: Tls = {},
): Dispatcher {
	const tls = { ...certificates, rejectUnauthorized: true };
	// the whole request has its own time limit; these would only cut off a longer one
	const options = { connections, headersTimeout: 0, bodyTimeout: 0, allowH2: false, connect: tls };
	const httpProxy = env['http_proxy'] ?? env['HTTP_PROXY'];
	const httpsProxy = env['https_proxy'] ?? env['HTTPS_PROXY'];
	if (!httpProxy && !httpsProxy) return new Pool(origin, options);
	return new EnvHttpProxyAgent({
		...options,
		httpProxy: httpProxy ?? '',
		httpsProxy: httpsProxy ?? '',
		noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
		requestTls: tls,
		proxyTls: { rejectUnauthorized: true },
	});
}
