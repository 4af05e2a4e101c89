/** Names that two have. */
import type { Assembled } from './assemble';
import type { Report } from './errors';
import type { Section } from './layers';

export function reportDuplicates(
	section: Section | 'notifications',
	items: readonly unknown[],
	{ placeOf, files }: Assembled,
	report: Report,
): void {
	const first = new Map<string, number>();
	for (const [index, item] of items.entries()) {
		const name = nameOf(item);
		if (name === undefined) continue;
		const before = first.get(name);
		if (before === undefined) {
			first.set(name, index);
			continue;
		}
		const [one, other] = [placeOf([section, before]), placeOf([section, index])];
		const where = one.file === other.file ? '' : ` in ${one.file ?? files[0].path}:${one.line}`;
		report([section, index, 'name'], `"${name}" is already the name of ${one.key}${where}`, 'Choose another name');
	}
}

/** A source of several values has a name for each, which another source may have too. */
export function reportTaken(names: readonly string[], given: readonly unknown[], report: Report): void {
	const seen = new Set<string>();
	const twice = names.find((name) => seen.size === seen.add(name).size);
	if (twice === undefined || given.filter((item) => nameOf(item) === twice).length > 1) return;
	report(['sources'], `two of them are called "${twice}", one as a part of another`, 'Choose other names', 'key');
}

export function nameOf(item: unknown): string | undefined {
	const name = (item as { name?: unknown } | null)?.name;
	return typeof name === 'string' ? name : undefined;
}
