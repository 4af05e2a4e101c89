/** Logs in as a person does, and makes a key: the steps of the vendor's own script (docs/providers/arpio.md). */
import type { HttpRequest, HttpResponse, Transport } from '../../core/contract';
import { bodyText } from '../../core/http/readJson';
import type { KeyLogin, KeyMaker, MadeKey } from '../../core/provider';

export const makeArpioKey: KeyMaker = (send, login) =>
	make(send, login).catch((error: unknown) =>
		error instanceof Stopped ? { ok: false, what: error.message, fix: error.fix } : Promise.reject(error as Error),
	);

async function make(send: Transport, { settings, baseUrl, email, password, name, signal }: KeyLogin): Promise<MadeKey> {
	const { accountId = '' } = settings;
	const steps = stepsOver(send, baseUrl, signal);
	const authenticate = await steps.ask('GET', '/api/accounts', 401, 'authenticateUrl');
	const loginUrl = await steps.ask('GET', authenticate, 200, 'loginUrl');
	const authToken = steps.url(loginUrl).searchParams.get('authToken') ?? '';
	if (!authToken) throw new Stopped('loginUrl has no authToken', UNEXPECTED);
	const nativeAuthToken = await steps.ask('POST', '/api/users/login', 200, 'nativeAuthToken', { email, password });
	const session = await steps.send('POST', '/api/auth/nativeAcs', 200, { authToken, nativeAuthToken });
	const cookie = /(?:^|[ ,;])ArpioSession=([^;,\s]+)/.exec(session.headers['set-cookie'] ?? '')?.[1];
	if (cookie === undefined) throw new Stopped('no session came', UNEXPECTED);
	const path = `/api/accounts/${encodeURIComponent(accountId)}/apiKeys`;
	const made = await steps.send('POST', path, 'success', { name }, { cookie: `ArpioSession=${cookie}` });
	const { apiKeyId, secret } = fieldsOf(made);
	if (typeof apiKeyId !== 'string' || typeof secret !== 'string') {
		throw new Stopped(
			'the new key has no apiKeyId and secret',
			'Look for it in the console, delete it, and make one there',
		);
	}
	return { ok: true, secrets: { apiKey: `${apiKeyId}:${secret}` }, after: ROLE };
}

/** The API does not publish how a key gets a role. */
const ROLE =
	'Which role it has is up to the account: in the Arpio console, Settings → Account Settings → API Keys, give it account_read and nothing more';
const UNEXPECTED = 'Make the key in the Arpio console: Settings → Account Settings → API Keys';

class Stopped extends Error {
	constructor(
		what: string,
		readonly fix: string,
	) {
		super(what);
	}
}

function stepsOver(send: Transport, baseUrl: string, signal: AbortSignal | undefined) {
	const url = (text: string) => new URL(text, baseUrl);
	async function step(
		method: HttpRequest['method'],
		target: string,
		expected: number | 'success',
		body?: object,
		headers?: Record<string, string>,
	): Promise<HttpResponse> {
		const { origin, pathname, search } = url(target);
		// a password is given to nobody but whom the person has named
		if (origin !== new URL(baseUrl).origin) {
			throw new Stopped(`the login is at another host, ${origin}`, UNEXPECTED);
		}
		const path = pathname + search;
		const reply = await send({ method, path, headers, signal, ...(body && { body: JSON.stringify(body) }) });
		const isGood = expected === 'success' ? reply.status >= 200 && reply.status < 300 : reply.status === expected;
		if (!isGood)
			throw new Stopped(
				`${method} ${pathname}: status ${reply.status}${wordsOf(reply)}`,
				fixFor(pathname, reply.status),
			);
		return reply;
	}
	return {
		url,
		send: step,
		async ask(...[method, target, expected, field, body]: [HttpRequest['method'], string, number, string, object?]) {
			const value = fieldsOf(await step(method, target, expected, body))[field];
			if (typeof value === 'string' && value !== '') return value;
			throw new Stopped(`${method} ${url(target).pathname}: the answer has no ${field}`, UNEXPECTED);
		},
	};
}

function fieldsOf({ body }: HttpResponse): Record<string, unknown> {
	try {
		return (JSON.parse(bodyText(body)) ?? {}) as Record<string, unknown>;
	} catch {
		return {};
	}
}

function wordsOf(reply: HttpResponse): string {
	const { message } = fieldsOf(reply);
	return typeof message === 'string' ? ` (${message.slice(0, 200)})` : '';
}

function fixFor(path: string, status: number): string {
	if (path.endsWith('/users/login') && (status === 400 || status === 401 || status === 403)) {
		return 'Check e-mail and password; an account that logs in by single sign-on makes its keys in the Arpio console';
	}
	if (path.endsWith('/apiKeys') && status === 403)
		return 'Log in as somebody who may make keys: an administrator of the account';
	if (path.endsWith('/apiKeys') && status === 404) return 'Check the account ID';
	return UNEXPECTED;
}
