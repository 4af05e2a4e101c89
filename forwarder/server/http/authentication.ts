/** Who somebody is who comes over the network: by a token, a name and a password, or what a proxy says that has asked him. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { Clock } from '../../../core/contract';
import type { ServerAuth } from '../../config/types';
import { Refused } from './exchange';

export interface AuthenticationDeps {
	clock: Clock;
	/** Told of each wrong attempt, without what was tried. */
	onWrong: (address: string) => void;
}

/** Returns his name. Throws `Refused`. `isAgain`: he was let in before, so that it is no attempt. */
export type Authenticate = (request: Pick<IncomingMessage, 'headers' | 'socket'>, isAgain?: boolean) => Promise<string>;

/** Before a wrong attempt is answered. */
const SLOW_MS = 500;
/** Wrong attempts of one address in a minute: more are not even looked at. */
const MOST = 10;
const MINUTE_MS = 60_000;
/** Addresses that are remembered. */
const ADDRESSES = 1000;

export function authentication(auth: ServerAuth, { clock, onWrong }: AuthenticationDeps): Authenticate {
	const isSame = comparison();
	const isTrusted = addresses(auth.proxy?.trusted ?? []);
	const wrong = new Map<string, { from: number; count: number }>();

	function attempts(address: string): { from: number; count: number } {
		const now = clock.now();
		const known = wrong.get(address);
		if (known && now >= known.from && now - known.from < MINUTE_MS) return known;
		const fresh = { from: now, count: 0 };
		wrong.delete(address);
		wrong.set(address, fresh);
		if (wrong.size > ADDRESSES) wrong.delete(wrong.keys().next().value!);
		return fresh;
	}

	function refuseAfterTooMany(address: string): void {
		const { from, count } = attempts(address);
		if (count < MOST) return;
		const seconds = Math.ceil((from + MINUTE_MS - clock.now()) / 1000);
		throw new Refused(429, 'too many wrong attempts', 'Wait', { 'retry-after': String(seconds) });
	}

	async function nameBy(scheme: string, credentials: string): Promise<string | undefined> {
		const { token, basic } = auth;
		const isToken = async (text: string) => token !== undefined && isSame(text, await token.read());
		if (scheme === 'bearer') return (await isToken(credentials)) ? 'token' : undefined;
		if (scheme !== 'basic') return undefined;
		const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? [];
		// the dialog of a browser has no other field for a token
		if (await isToken(password)) return user || 'token';
		if (!basic) return undefined;
		const [isUser, isPassword] = [isSame(user, basic.username), isSame(password, await basic.password.read())];
		return isUser && isPassword ? user : undefined;
	}

	return async ({ headers, socket }, isAgain) => {
		const address = plainAddress(socket.remoteAddress ?? '');
		const told = auth.proxy && headers[auth.proxy.header];
		if (typeof told === 'string' && told !== '' && isTrusted(address)) return told;
		const [, scheme, credentials] = /^(\S+) +(.*)$/.exec(headers.authorization ?? '') ?? [];
		if (scheme === undefined || credentials === undefined) throw unknown(auth);
		if (!isAgain) refuseAfterTooMany(address);
		const name = await nameBy(scheme.toLowerCase(), credentials);
		if (isAgain && name === undefined) throw unknown(auth);
		// again: many at a time must not get more than one by one, and right ones among them are not attempts
		if (!isAgain) refuseAfterTooMany(address);
		if (name !== undefined) return name;
		attempts(address).count++;
		onWrong(address);
		await clock.sleep(SLOW_MS);
		throw unknown(auth);
	};
}

function unknown({ token, basic }: ServerAuth): Refused {
	if (!token && !basic) return new Refused(403, 'only the proxy may ask', 'Come through the proxy of server.auth');
	return new Refused(401, 'who asks is not known', 'Send what server.auth asks for', {
		'www-authenticate': 'Basic realm="audit-relay", charset="UTF-8"',
	});
}

/** Takes as long whatever is the same, and however long the texts are. */
function comparison(): (one: string, other: string) => boolean {
	const key = randomBytes(32);
	const digest = (text: string) => createHmac('sha256', key).update(text).digest();
	return (one, other) => timingSafeEqual(digest(one), digest(other));
}

/** An IPv4 address that came to a socket for IPv6 too. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** @param list addresses and networks */
function addresses(list: readonly string[]): (address: string) => boolean {
	const known = new BlockList();
	const kind = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
	for (const one of list) {
		const [network = '', bits] = one.split('/');
		if (bits === undefined) known.addAddress(network, kind(network));
		else known.addSubnet(network, Number(bits), kind(network));
	}
	return (address) => address !== '' && known.check(address, kind(address));
}
