/** How a person logs in, and makes a key: the steps of the vendor's own script. Tokens serve once and not for long. */
import { randomUUID } from 'node:crypto';
import { json, jsonText, type Call, type Clock, type SimReply } from '../api';
import type { ArpioKey } from './api';

export interface ArpioUser {
	readonly email: string;
	readonly password: string;
}

export const arpioSandboxUser: ArpioUser = { email: 'ada@example.com', password: 'not-a-real-password' };

const TOKEN_MS = 5 * 60_000;
const SESSION_MS = 60 * 60_000;

export interface ArpioLogin {
	/** Undefined: not one of its paths. */
	answer(call: Call): SimReply | undefined;
	/** Whether the cookie of the request is that of a session. */
	isLoggedIn(call: Call): boolean;
}

export function arpioLogin(users: readonly ArpioUser[], clock: Clock): ArpioLogin {
	const until = new Map<string, number>();
	const issue = (kind: string, ms: number) => {
		const token = `${kind}-${randomUUID()}`;
		until.set(token, clock.now() + ms);
		return token;
	};
	const isGood = (token: unknown, kind: string): token is string =>
		typeof token === 'string' && token.startsWith(`${kind}-`) && (until.get(token) ?? 0) > clock.now();

	function login({ body }: Call): SimReply {
		const { email, password } = read(body);
		const isKnown = users.some((user) => user.email === email && user.password === password);
		if (!isKnown) return json(401, { message: 'Invalid email or password' });
		return json(200, { nativeAuthToken: issue('native', TOKEN_MS) });
	}

	function finish({ body }: Call): SimReply {
		const { authToken, nativeAuthToken } = read(body);
		if (!isGood(authToken, 'auth') || !isGood(nativeAuthToken, 'native')) {
			return json(401, { message: 'The login has expired' });
		}
		until.delete(authToken);
		until.delete(nativeAuthToken);
		const cookie = `ArpioSession=${issue('session', SESSION_MS)}; Path=/; Secure; HttpOnly; SameSite=Lax`;
		return jsonText(200, '{}', { 'set-cookie': cookie });
	}

	return {
		answer(call) {
			const path = call.segments.slice(1).join('/');
			if (call.method === 'GET' && path === 'auth/authenticate') {
				return json(200, { loginUrl: `https://app.arpio.io/login?authToken=${issue('auth', TOKEN_MS)}` });
			}
			if (call.method !== 'POST') return undefined;
			if (path === 'users/login') return login(call);
			return path === 'auth/nativeAcs' ? finish(call) : undefined;
		},
		isLoggedIn(call) {
			const cookies = (call.header('cookie') ?? '').split(/; */).map((one) => one.split('='));
			return cookies.some(([name, value]) => name === 'ArpioSession' && isGood(value, 'session'));
		},
	};
}

/** A new key is told its secret once. The fields of the list, and how a key gets a role, are not published. */
export function arpioKeys(call: Call, keys: ArpioKey[]): SimReply {
	if (call.method === 'GET')
		return json(
			200,
			keys.map(({ id, name }) => ({ apiKeyId: id, name: name ?? null })),
		);
	const { name } = read(call.body);
	if (typeof name !== 'string' || name === '') return json(400, { message: 'name is required' });
	const id = randomUUID().replaceAll('-', '').slice(0, 22);
	const secret = `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
	keys.push({ id, secret, name });
	return json(201, { apiKeyId: id, name, secret });
}

function read(body: string): Record<string, unknown> {
	try {
		return (JSON.parse(body) ?? {}) as Record<string, unknown>;
	} catch {
		return {};
	}
}
