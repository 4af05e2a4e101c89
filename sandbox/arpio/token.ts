/** Continuation tokens in the form of the one token visible in public: payload, issue time, MAC. */
import { createHmac } from 'node:crypto';

export interface TokenPayload {
	/** Page number, so that even an empty page moves on to another token. */
	readonly page: number;
	/** Rows already given (offset), or rank of the last row given (keyset). */
	readonly after: number | readonly [number, number];
	/** The window it was issued for. */
	readonly window: string;
}

const part = (text: string | Buffer) => Buffer.from(text).toString('base64url');

export function issueToken(secret: string, payload: TokenPayload, now: number): string {
	const issued = Buffer.alloc(4);
	issued.writeUInt32BE(Math.floor(now / 1000) >>> 0);
	const signed = `${part(JSON.stringify(payload))}.${part(issued)}`;
	return `${signed}.${mac(secret, signed)}`;
}

/** Undefined when forged, damaged or expired. */
export function readToken(secret: string, token: string, now: number, expiryMs: number): TokenPayload | undefined {
	const [payload, issued, signature] = token.split('.');
	if (!payload || !issued || signature !== mac(secret, `${payload}.${issued}`)) return undefined;
	const issuedMs = Buffer.from(issued, 'base64url').readUInt32BE() * 1000;
	// the stamp has whole seconds, so the age is measured in them
	if (Math.floor(now / 1000) * 1000 - issuedMs > expiryMs) return undefined;
	return JSON.parse(Buffer.from(payload, 'base64url').toString()) as TokenPayload;
}

function mac(secret: string, signed: string): string {
	return createHmac('sha256', secret).update(signed).digest('base64url');
}
