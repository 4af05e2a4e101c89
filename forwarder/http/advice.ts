/** What a person can do about a failed request to a provider: `check` says it, and the process that runs. */
import { describeFailure, RequestError, type HttpFailure } from '../../core/http/failure';
import { settingsThat } from '../../core/settings';
import { SecretError, type Env } from '../config/secrets';
import type { SourceConfig } from '../config/types';
import { causeOf, WANTS_TLS } from './noAnswer';
import { proxyInWords } from '../config/proxy';

export interface Advice {
	what: string;
	fix: string;
}

/** Rethrows what is not a failure of a request or a key. */
export function adviceFor(error: unknown, config: SourceConfig, env: Env): Advice {
	if (error instanceof SecretError) return { what: error.message, fix: 'Make it readable for this user' };
	if (!(error instanceof RequestError)) throw error;
	const { failure } = error;
	const what = describeFailure(failure);
	const proxy = proxyInWords(new URL(config.baseUrl), env);
	switch (failure.kind) {
		case 'network':
			return { what: explained(what, failure.code), fix: proxyFix(proxy) ?? 'Check baseUrl, firewall and HTTPS_PROXY' };
		case 'timeout':
			return { what, fix: proxyFix(proxy) ?? 'Check baseUrl, firewall and proxy; the provider may be overloaded' };
		case 'malformed':
			return { what, fix: 'Something else than the API seems to answer: check baseUrl and proxies' };
		case 'tooLarge':
			return { what, fix: 'Set a smaller pageSize' };
		case 'aborted':
			throw error;
		case 'http':
			if (failure.status === 400 && WANTS_TLS.test(failure.message ?? ''))
				return { what: explained(what, 'PORT_SPEAKS_TLS'), fix: 'Set baseUrl to https://…' };
			if (failure.status === 407) return { what, fix: loginFix(proxy) };
			return { what, fix: statusFix(failure, config) };
	}
}

/** Where the way leads through a proxy, that is what did not answer. */
export function proxyFix(proxy: string | undefined): string | undefined {
	return proxy && `It was asked through ${proxy}: check that, or name the host in NO_PROXY`;
}

/** Status 407. */
export function loginFix(proxy = 'a proxy that no variable names'): string {
	return `It was asked through ${proxy}, which wants a name and a password: http://name:password@host:port`;
}

/** Cause and cure on the same line, where the code tells them. */
export function explained(what: string, code: string): string {
	const cause = causeOf(code);
	return cause ? `${what}: ${cause.what}; ${cause.fix}` : what;
}

function statusFix({ status, required, code }: HttpFailure, { provider, secrets }: SourceConfig): string {
	const key = Object.values(secrets)
		.map((secret) => secret.describe())
		.join(' and the ');
	if (code === 'credentials_unreadable') return `Check the ${key}`;
	if (required) return `Give the key the scope ${required}`;
	switch (status) {
		case 401:
			return `The key is not accepted: check the ${key}`;
		case 402:
			return 'The plan does not cover this: ask the owner of the account';
		case 403:
			return 'The key may not read the audit log: give it that right, and check address allowlists';
		case 404:
			return `Check ${['baseUrl', ...settingsThat(provider, ({ identity }) => identity)].join(' and ')}`;
		case 429:
			return 'Too many requests already: wait, or lower rateLimit.requestsPerMinute';
		default:
			if (status >= 300 && status < 400) return 'Redirects are not followed: set baseUrl to the final address';
			return status >= 500 ? 'The provider has a problem: try again later' : 'Check the settings of this source';
	}
}
