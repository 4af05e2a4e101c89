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

/** Names known at the same time. A log has a few dozens; a writer who makes one up for each event must not fill the memory. */
const KNOWN = 500;

/** The same function of a name, asked once for each: rules are slow and names repeat. */
export function remember<T>(of: (name: string) => T): (name: string) => T {
	const known = new Map<string, T>();
	return (name) => {
		if (known.has(name)) return known.get(name)!;
		const fresh = of(name);
		if (known.size >= KNOWN) known.clear();
		if (name.length <= LONGEST) known.set(name, fresh);
		return fresh;
	};
}
