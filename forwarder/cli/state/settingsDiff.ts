/** What has changed between the settings a position was read with and those of now. */
export interface Difference {
	setting: string;
	from: string;
	to: string;
}

/** Undefined when the former settings are not known. */
export function differences(former: string | undefined, current: string): Difference[] | undefined {
	if (former === undefined) return undefined;
	const [before, now] = [flat(former), flat(current)];
	return Object.keys({ ...before, ...now })
		.map((setting) => ({ setting, from: shown(before[setting]), to: shown(now[setting]) }))
		.filter(({ from, to }) => from !== to);
}

/** Of the same log, read in another way. */
const SAME_LOG = ['baseUrl', 'endpoint', 'filter', 'version'];

/** Whether the provider, or a setting that says which log it is, is another one, or may be. */
export function isAnotherLog(changed: readonly Difference[] | undefined): boolean {
	return changed?.some(({ setting }) => !SAME_LOG.includes(setting)) ?? true;
}

function shown(value: unknown): string {
	if (value === undefined || value === null) return 'none';
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The provider's settings beside the others. How a provider is declared says nothing of which log it is. */
function flat(stored: string): Record<string, unknown> {
	const { settings, declaration: _, ...rest } = JSON.parse(stored) as Record<string, unknown>;
	return { ...rest, ...(settings as object | undefined) };
}
