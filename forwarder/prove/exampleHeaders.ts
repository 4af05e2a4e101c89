/** Whether the headers of example answers say what is declared of them. */
import { limitReader } from '../../providers/declared/limits';
import type { Declaration } from '../../providers/declared/form/declaration';
import { resetMs } from '../../core/http/retryAfter';
import type { Difference, ExamplePage } from './examples';

/** No audit API makes one wait longer: it is another form. */
const LONGEST = 86_400_000;

/** Nothing where no page has headers: they are optional. @param now where an answer has no `Date` */
export function headerDifferences(
	{ page, limits }: Declaration,
	read: readonly ExamplePage[],
	now: number,
): Difference[] {
	const answers = read.flatMap(({ name, headers, page: one }) => (headers ? [{ name, headers, page: one }] : []));
	if (answers.length === 0) return [];
	const found: Difference[] = [];
	if (page.kind === 'link' && !answers.some((answer) => answer.page?.next))
		found.push({ what: 'no example answer has a link to a next page', fix: 'Add one that is not the last page' });
	for (const key of ['remaining', 'reset'] as const) {
		const name = limits[key];
		if (name !== undefined && !answers.some(({ headers }) => headers[name] !== undefined))
			found.push({ what: `no example answer has the header ${name}`, fix: `Look at limits.${key}` });
	}
	const translated = limitReader(limits);
	for (const { name, headers } of answers) {
		const text = limits.reset === undefined ? undefined : headers[limits.reset];
		if (text === undefined) continue;
		const wait = resetMs(translated({ status: 200, headers, body: new Uint8Array() }, now).headers, now);
		const isUsable = wait !== undefined && wait <= LONGEST;
		if (!isUsable)
			found.push({
				what: `${name}: ${limits.reset} is ${text}, which is ${wait === undefined ? 'not a time' : `${Math.round(wait / LONGEST)} days away`}`,
				fix: 'Look at limits.resetAs',
			});
	}
	return found;
}
