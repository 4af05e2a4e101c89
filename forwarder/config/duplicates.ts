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

/**
 * A source of several values has a name for each, which another source may have too.
 * @param built what became of each entry
 */
export function reportTaken(
	built: readonly (readonly { name: string }[])[],
	given: readonly unknown[],
	add: (index: number, what: string, fix: string) => void,
): void {
	const first = new Map<string, number>();
	for (const [index, sources] of built.entries()) {
		for (const { name } of sources) {
			const before = first.get(name);
			if (before === undefined) first.set(name, index);
			// two of one name are said already
			else if (given.filter((item) => nameOf(item) === name).length < 2)
				add(index, `two of them are called "${name}", one as a part of another`, 'Choose other names');
		}
	}
}

export function nameOf(item: unknown): string | undefined {
	const name = (item as { name?: unknown } | null)?.name;
	return typeof name === 'string' ? name : undefined;
}
