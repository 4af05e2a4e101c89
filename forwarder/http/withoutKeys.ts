/** Cuts the keys of a request out of its answer: some servers repeat what they refuse, and their words go to logs. */
import { ARRAY, beginOf, OBJECT } from '../../providers/json/scan';

/** Shorter values (`1`, `eu`) are no keys, and cutting them out would only spoil the text. */
const SHORTEST = 6;

/**
 * Answers with events pass untouched: they must stay as received, byte for byte. Error texts and pages are what gets quoted.
 */
export function withoutKeys(status: number, body: Buffer, headers: Readonly<Record<string, string>>): Buffer {
	if (status >= 200 && status < 300 && isJson(body)) return body;
	const keys = Object.values(headers)
		// `Bearer abc` may come back as `abc`, `id:secret` as `secret`
		.flatMap((value) => [value, ...value.split(/[\s:]+/)])
		.filter((value) => value.length >= SHORTEST && !/^(bearer|basic|apikey)$/i.test(value))
		.sort((a, b) => b.length - a.length);
	return Buffer.from(keys.reduce((text, key) => text.replaceAll(key, '[REDACTED]'), body.toString()));
}

/** By its first character that is no space: some servers send spaces while they think. */
function isJson(body: Buffer): boolean {
	const first = body[beginOf(body)];
	return first === OBJECT || first === ARRAY;
}
