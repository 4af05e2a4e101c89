/** A key that goes into `Authorization: Bearer`. */
import type { Secrets, Setting } from '../provider';

/** Where such a key comes from, in the words of its provider. */
export function apiKeySetting(description: string, example: string): Setting {
	return { title: 'API Key', description, required: true, secret: true, example };
}

/** Space around the key is cut: a key read from a file ends with a line break. Throws without naming the key. */
export function bearer({ apiKey = '' }: Secrets): Record<string, string> {
	const key = apiKey.trim();
	if (key === '') throw new Error('The API key is empty.');
	if (!/^[\x21-\x7e]+$/.test(key)) {
		throw new Error('The API key has a space or another character that cannot be in a key. Give the key alone.');
	}
	return { authorization: `Bearer ${key}` };
}
