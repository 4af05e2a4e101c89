/** `Authorization: Bearer`, the form that Arcus ERP and AuditAPI share. */

/** Space around the key is cut: a key read from a file ends with a line break. Throws without naming the key. */
export function bearer(apiKey: string): Record<string, string> {
	const key = apiKey.trim();
	if (key === '') throw new Error('The API key is empty.');
	if (!/^[\x21-\x7e]+$/.test(key)) {
		throw new Error('The API key has a space or another character that cannot be in a key. Give the key alone.');
	}
	return { authorization: `Bearer ${key}` };
}
