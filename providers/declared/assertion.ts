/** A signed assertion (RFC 7523) for the key of a service account. */
import { object, text } from '../../core/record/attributes';
import type { TokenDoor } from '../../core/provider';
import { bytesOf } from '../../core/json/scan';

/** Seconds that it is good for: the longest that vendors allow. */
const LIFE = 3600;

/** Throws `Error` that says what is wrong with the key file, and nothing of what is in it. */
export async function assertion(
	keyFile: string,
	claims: object,
	now: number,
	sign: TokenDoor['sign'],
): Promise<string> {
	const { client_email: issuer, private_key: key, private_key_id: id } = object(jsonOf(keyFile));
	if (typeof issuer !== 'string' || typeof key !== 'string')
		throw new Error('The key file is not the JSON of a service account: it has no client_email or no private_key.');
	const issued = Math.floor(now / 1000);
	const header = { alg: 'RS256', typ: 'JWT', kid: text(id) };
	const body = { iss: issuer, ...claims, iat: issued, exp: issued + LIFE };
	const signed = `${encoded(header)}.${encoded(body)}`;
	return `${signed}.${await sign(key, signed)}`;
}

function jsonOf(words: string): unknown {
	try {
		return JSON.parse(words);
	} catch {
		return undefined;
	}
}

function encoded(part: object): string {
	const letters = btoa(String.fromCharCode(...bytesOf(JSON.stringify(part))));
	return letters.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
