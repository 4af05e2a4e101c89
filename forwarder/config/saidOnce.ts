/** What very many have for the same reason is said once. */
import { grouped } from '../grouped';

/** So many are said each for itself. */
const EACH = 3;
/** Of the others so many are named. */
const NAMED = 5;

interface Words<T> {
	/** The same for those that are said together. */
	causeOf: (one: T) => string;
	textOf: (one: T) => string;
	nameOf: (one: T) => string;
}

/** Texts, in the order of the first of each cause. */
export function saidOnce<T>(all: readonly T[], { causeOf, textOf, nameOf }: Words<T>): string[] {
	const causes = grouped(all, causeOf);
	return all.flatMap((one) => {
		const same = causes.get(causeOf(one))!;
		if (same.length <= EACH) return [textOf(one)];
		const [first, ...others] = same;
		return one === first
			? [`${textOf(one)} The same: ${shortened(others.map(nameOf)).join(', ').replace(/, and/, ' and')}.`]
			: [];
	});
}

/** The first few names, and how many more there are. */
export function shortened(names: readonly string[]): readonly string[] {
	return names.length <= NAMED ? names : [...names.slice(0, NAMED), `and ${names.length - NAMED} more`];
}
