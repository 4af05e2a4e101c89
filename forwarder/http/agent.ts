import http from 'node:http';
import https from 'node:https';
import { proxyFor } from '../config/proxy';

export interface AgentSettings {
	/** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are looked up. Default: the process. */
	proxyEnv?: Readonly<Record<string, string | undefined>>;
	/** Further options of Node's agent. */
	options?: https.AgentOptions;
}

/**
 * Kept connections to one server, through the proxy that the environment names for it: Node's own agent speaks CONNECT for https.
 * Certificates are checked even when `NODE_TLS_REJECT_UNAUTHORIZED=0` is set for something else in the environment; a private
 * authority comes in by `NODE_EXTRA_CA_CERTS` as well.
 */
export function createAgent(url: URL, { proxyEnv = process.env, options }: AgentSettings): http.Agent {
	const proxy = proxyFor(url, proxyEnv);
	// under both names, and with no exceptions: which server it is for is known already
	const all = { ...options, keepAlive: true, proxyEnv: { http_proxy: proxy, https_proxy: proxy } };
	return url.protocol === 'https:' ? new https.Agent({ ...all, rejectUnauthorized: true }) : new http.Agent(all);
}

const shared = new Map<string, http.Agent>();

/**
 * One for all requests that go through the same proxy, or through none: it keeps the connections of each server apart by itself, and those
 * that other certificates were shown on. Sources of one server share its connections, and thousands of sources cost no agent each.
 */
export function sharedAgent(url: URL, proxyEnv: AgentSettings['proxyEnv'] = process.env): http.Agent {
	const key = `${url.protocol} ${proxyFor(url, proxyEnv) ?? ''}`;
	const agent = shared.get(key) ?? createAgent(url, { proxyEnv });
	shared.set(key, agent);
	return agent;
}
