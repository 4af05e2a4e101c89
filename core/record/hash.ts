/** Stable hash in plain JavaScript: `node:crypto` is not allowed in code that n8n bundles. No protection against forgery. */
import { bytesOf } from '../json/scan';

/** The prime is 2^88 plus this. */
const PRIME = 0x13b;
const WORD = 2 ** 32;

/** FNV-1a, 128 bits, of the bytes, for a text its UTF-8: 32 hex digits, the same on every machine and in every version. */
export function hash128(of: string | Uint8Array): string {
	const bytes = typeof of === 'string' ? bytesOf(of) : of;
	// four words, because BigInt takes a quarter of a second for a megabyte
	let [a, b, c, d] = [0x6295c58d, 0x62b82175, 0x07bb0142, 0x6c62272e];
	for (let index = 0; index < bytes.length; index++) {
		const low = (a ^ bytes[index]!) >>> 0;
		const first = low * PRIME;
		const second = b * PRIME + Math.floor(first / WORD);
		const third = c * PRIME + ((low << 24) >>> 0) + Math.floor(second / WORD);
		const fourth = d * PRIME + (low >>> 8) + ((b << 24) >>> 0) + Math.floor(third / WORD);
		[a, b, c, d] = [first >>> 0, second >>> 0, third >>> 0, fourth >>> 0];
	}
	return [d, c, b, a].map((word) => word.toString(16).padStart(8, '0')).join('');
}
