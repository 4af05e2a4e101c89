/** Names are short; free text in their place must not cost time. */
const LONGEST = 500;

/**
 * Whole words of a name, in lower case: `startApplicationTest`, `user.role_changed`, `dr-test:started`.
 * Rules match words, never substrings: `test` is inside `latest`, `recover` inside `getRecoveryPoints`.
 */
export function words(name: string): string[] {
	return name
		.slice(0, LONGEST)
		.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
		.replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
		.split(/[^A-Za-z0-9]+/)
		.filter(Boolean)
		.map((word) => word.toLowerCase());
}

/** The words of `from` as a set, with a test for any of a list. */
export function hasAny(set: ReadonlySet<string>, ...candidates: string[]): boolean {
	return candidates.some((candidate) => set.has(candidate));
}
