/** One request of a notification. */
import type { Agent } from 'node:http';
import axios from 'axios';
import type { Clock } from '../../core/contract';
import { retryAfterMs } from '../../core/http/retryAfter';
import { readSecrets, SecretError, type Env } from '../config/secrets';
import type { NotificationConfig } from '../config/types';
import { isLoopback } from '../config/urls';
import { createAgent } from '../http/agent';
import { causeOf, errorCode } from '../http/noAnswer';
import { withoutKeys } from '../http/withoutKeys';
import { deadline } from '../waits';

const LIMIT_MS = 15_000;
const LONGEST_ANSWER = 64 * 1024;

/** `retry`: it may be well again soon. The reason holds no address and no key. */
export type Posted = { ok: true } | { ok: false; retry: boolean; afterMs?: number; reason: string };

export interface PostDeps {
	clock: Clock;
	/** Where proxies are looked up. */
	env: Env;
	signal: AbortSignal;
}

export type PostTo = Pick<NotificationConfig, 'url' | 'headers' | 'allowInsecure' | 'tls'>;

export async function post(to: PostTo, body: unknown, { clock, env, signal }: PostDeps): Promise<Posted> {
	let agent: Agent | undefined;
	try {
		const [address, headers] = [await to.url.read(), await readSecrets(to.headers)];
		const url = addressOf(address, to.allowInsecure);
		if (typeof url === 'string') return { ok: false, retry: false, reason: `${to.url.describe()} ${url}` };
		agent = createAgent(url, { proxyEnv: env, options: { ...(await to.tls?.read()) } });
		const {
			status,
			headers: said,
			data,
		} = await axios.post<string>(url.href, JSON.stringify(body), {
			headers: { 'user-agent': 'audit-relay', accept: '*/*', 'content-type': 'application/json', ...headers },
			// the address is a secret, and must not be carried to another host
			maxRedirects: 0,
			// they know their proxy, and axios asks its own only for agents that do not
			httpAgent: agent,
			httpsAgent: agent,
			responseType: 'text',
			transformResponse: (text: unknown) => text,
			validateStatus: () => true,
			maxContentLength: LONGEST_ANSWER,
			signal: AbortSignal.any([signal, deadline(LIMIT_MS)]),
		});
		if (status >= 200 && status < 300) return { ok: true };
		const words = withoutKeys(String(data), { ...headers, address, ...bodyKeys(body) });
		const afterMs = retryAfterMs(
			{ 'retry-after': textOf(said['retry-after']), date: textOf(said['date']) },
			clock.now(),
		);
		const retry = status === 408 || status === 429 || status >= 500;
		return { ok: false, retry, ...(afterMs !== undefined && { afterMs }), reason: told(status, words) };
	} catch (error) {
		if (error instanceof SecretError) return { ok: false, retry: false, reason: error.message };
		if (signal.aborted) return { ok: false, retry: false, reason: 'stopped' };
		// other words of the error may hold the address
		const isLate = axios.isCancel(error);
		const code = isLate ? `no answer within ${LIMIT_MS / 1000} s` : (errorCode(error) ?? 'UNKNOWN');
		const cause = causeOf(code);
		return {
			ok: false,
			retry: true,
			reason: cause ? `no answer (${code}): ${cause.what}; ${cause.fix}` : `no answer (${code})`,
		};
	} finally {
		agent?.destroy();
	}
}

/** A text: what is wrong with it. */
function addressOf(text: string, allowInsecure: boolean): URL | string {
	if (!URL.canParse(text)) return 'does not hold a URL';
	const url = new URL(text);
	if (url.protocol === 'https:') return url;
	if (url.protocol !== 'http:') return 'does not hold an https:// address';
	return allowInsecure || isLoopback(url.hostname)
		? url
		: 'holds an http:// address of another host; use https://, or set allowInsecure: true';
}

/** Some servers repeat what they refuse. */
function bodyKeys(body: unknown): Record<string, string> {
	const key = (body as { routing_key?: unknown } | undefined)?.routing_key;
	return typeof key === 'string' ? { key } : {};
}

function told(status: number, words: string): string {
	const line = words.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
	const isPage = /^<(!doctype|html)/i.test(line);
	if (status >= 300 && status < 400)
		return `status ${status}: redirects are not followed, because the address is a secret`;
	return line && !isPage ? `status ${status} (${line})` : `status ${status}`;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
