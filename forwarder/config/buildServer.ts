/** `server`: where it listens, who may ask, and by which certificate it is known. */
import { isIP } from 'node:net';
import type { Report } from './errors';
import type { ServerInput } from './schema/server';
import { SecretError, secretOf, type Env } from './secrets';
import { readTls } from './tls';
import type { Config, Secret, ServerAuth } from './types';

/** Fewer characters can be guessed. */
const LEAST_TOKEN = 16;

interface Deps {
	env: Env;
	folder: string;
	report: Report;
}

/** Undefined when it is switched off. Problems go to `report`. */
export async function buildServer(input: ServerInput, deps: Deps): Promise<Config['server']> {
	if (!input.enabled) return undefined;
	const at = input.listen.lastIndexOf(':');
	const auth = input.auth && (await buildAuth(input.auth, deps));
	const tls = readTls(input.tls, ['server', 'tls'], deps);
	return {
		...{ host: input.listen.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(input.listen.slice(at + 1)) },
		...(input.hosts.length && { hosts: input.hosts }),
		...(auth && { auth }),
		...(tls && { tls }),
	};
}

async function buildAuth(
	{ token, basic, proxyHeader, trustedProxies }: NonNullable<ServerInput['auth']>,
	{ env, folder, report }: Deps,
): Promise<ServerAuth> {
	const key = ['server', 'auth'];
	if (token === undefined && !basic && proxyHeader === undefined) {
		report(key, 'says nobody who may ask', 'Give token, basic, or proxyHeader with trustedProxies', 'key');
	}
	if (proxyHeader !== undefined && !trustedProxies?.length) {
		const fix = 'Give the addresses of the proxy: anybody else could send the header as well';
		report([...key, 'trustedProxies'], 'is missing', fix, 'key');
	}
	if (trustedProxies && proxyHeader === undefined) {
		report([...key, 'proxyHeader'], 'is missing', 'Name the header in which the proxy says who asks', 'key');
	}
	for (const [index, one] of (trustedProxies ?? []).entries()) {
		if (!isNetwork(one))
			report([...key, 'trustedProxies', index], 'is no address or network', 'Write 10.0.0.7 or 10.0.0.0/8');
	}
	const secret = (text: string) => secretOf(text, env, folder);
	const built: ServerAuth = {
		...(token !== undefined && { token: secret(token) }),
		...(basic && { basic: { username: basic.username, password: secret(basic.password) } }),
		...(proxyHeader !== undefined && {
			proxy: { header: proxyHeader.toLowerCase(), trusted: (trustedProxies ?? []).filter(isNetwork) },
		}),
	};
	if (built.token && (await lengthOf(built.token)) < LEAST_TOKEN) {
		const fix = 'Make one that cannot be guessed: openssl rand -hex 24';
		report([...key, 'token'], `is shorter than ${LEAST_TOKEN} characters`, fix);
	}
	return built;
}

/** What cannot be read is said where references are checked. */
async function lengthOf(secret: Secret): Promise<number> {
	try {
		return (await secret.read()).length;
	} catch (error) {
		if (error instanceof SecretError) return Infinity;
		throw error;
	}
}

function isNetwork(text: string): boolean {
	const [address = '', bits, more] = text.split('/');
	const version = isIP(address);
	if (version === 0 || more !== undefined) return false;
	return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
