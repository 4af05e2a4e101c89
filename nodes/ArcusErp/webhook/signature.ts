/** Whether a request comes from Arcus ERP: its signature, and how old it is. */
import { runtime } from '../../shared/core';

/** Either way, because clocks differ. */
export const WINDOW_MS = 300_000;

/**
 * `Arcus-Signature: t=<seconds>,v1=<hex>`, where v1 is HMAC-SHA256 of `<t>.<body>`, keyed with the whole secret. The parts are found by
 * name, not by place.
 * @returns undefined when all is well, else what is wrong
 */
export async function refusal(header: unknown, body: Uint8Array, secret: string): Promise<string | undefined> {
	if (typeof header !== 'string') return 'it has no signature';
	const parts = header.split(',').map((part) => part.trim().split('='));
	const of = (name: string) => parts.flatMap(([key, value]) => (key === name && value ? [value] : []));
	const [sentAt = ''] = of('t');
	const signatures = of('v1').filter((hex) => /^[0-9a-f]{64}$/i.test(hex));
	if (!/^\d{1,12}$/.test(sentAt) || signatures.length === 0) return 'its signature has another form';
	const signed = Buffer.concat([Buffer.from(`${sentAt}.`), body]);
	const algorithm = { name: 'HMAC', hash: 'SHA-256' };
	const key = await crypto.subtle.importKey('raw', Buffer.from(secret), algorithm, false, ['verify']);
	// compares in constant time
	const checks = signatures.map((hex) => crypto.subtle.verify('HMAC', key, Buffer.from(hex, 'hex'), signed));
	if (!(await Promise.all(checks)).includes(true)) return 'its signature is wrong';
	const age = Math.abs(runtime.clock.now() - Number(sentAt) * 1000);
	return age > WINDOW_MS ? 'it was signed more than five minutes ago, or the clock of this n8n is wrong' : undefined;
}
