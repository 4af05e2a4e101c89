/** What has changed between the settings a position was read with and those of now. */
export interface Difference {
	setting: string;
	from: string;
	to: string;
}

/** Undefined when the former settings are not known. */
export function differences(former: string | undefined, current: string): Difference[] | undefined {
	if (former === undefined) return undefined;
	const before = JSON.parse(former) as Record<string, unknown>;
	const now = JSON.parse(current) as Record<string, unknown>;
	return Object.keys({ ...before, ...now })
		.map((setting) => ({ setting, from: shown(before[setting]), to: shown(now[setting]) }))
		.filter(({ from, to }) => from !== to);
}

/** Whether the provider, account or entity is another one, or may be. */
export function isAnotherLog(changed: readonly Difference[] | undefined): boolean {
	return changed?.some(({ setting }) => ['provider', 'accountId', 'entityId'].includes(setting)) ?? true;
}

function shown(value: unknown): string {
	if (value === undefined || value === null) return 'none';
	return typeof value === 'string' ? value : JSON.stringify(value);
}
