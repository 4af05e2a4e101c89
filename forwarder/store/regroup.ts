/** What a stream's fingerprint is made of, as an older version wrote it: the provider's settings stood among the others. */
import { createHash } from 'node:crypto';

export interface Printed {
	fingerprint: string;
	/** JSON. */
	settings: string;
}

/** As it is written now; undefined when it is, or is not known. */
export function regrouped(settings: unknown): Printed | undefined {
	const { version, provider, baseUrl, endpoint, filter, ...others } = membersOf(settings);
	if (version !== 1) return undefined;
	const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null));
	const text = JSON.stringify({ version: 2, provider, baseUrl, settings: given, endpoint, filter });
	return { fingerprint: createHash('sha256').update(text).digest('hex'), settings: text };
}

/** None of a text that the disk has altered: it stays as it is, and stops nobody else. */
function membersOf(settings: unknown): Record<string, unknown> {
	try {
		return { ...(JSON.parse(String(settings)) as object | null) };
	} catch {
		return {};
	}
}
