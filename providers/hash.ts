/** Stable hash in plain JavaScript: `node:crypto` is not allowed in code that n8n bundles. No protection against forgery. */
const BASIS = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x0000000001000000000000000000013bn;

/** FNV-1a, 128 bits, of the UTF-8 bytes: 32 hex digits, the same on every machine and in every version. */
export function hash128(text: string): string {
	let hash = BASIS;
	for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * PRIME);
	return hash.toString(16).padStart(32, '0');
}
