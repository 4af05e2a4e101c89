/** The elements of an answer. One without its list is never "no events". */
import { object } from '../../core/record/attributes';
import type { HttpRequest, JsonReply } from '../../core/contract';
import { isPlain } from '../../core/record/event';
import { malformed } from '../../core/http/readJson';
import type { Element } from '../../core/json/parse';
import { isError } from '../list';
import type { Declaration } from './form/declaration';
import { stepsOf, valueAt } from './places';

/** Throws `malformed`, also for an answer that says of itself that it is not complete. */
export function elementsOf(
	{ list = {}, incomplete, page }: Declaration,
	request: HttpRequest,
	reply: JsonReply,
): readonly Element[] {
	const { json, lists, status } = reply;
	if (incomplete) {
		const state = valueAt(json, stepsOf(incomplete.at));
		if (!incomplete.not.includes(String(state)))
			throw malformed(request, status, `${incomplete.at} says that it is not complete`);
	}
	const steps = list.at === undefined ? [] : stepsOf(list.at);
	const value = valueAt(json, steps);
	const found = Array.isArray(value) ? lists.get(steps.join('.')) : undefined;
	if (found) return found;
	const mayBeMissing = list.missing === 'empty' && value === undefined;
	// as some servers write an empty one; with their own word that there is no more
	const isOver = page.end?.flag !== undefined && valueAt(json, stepsOf(page.end.flag)) === false;
	if ((mayBeMissing || (value === null && isOver)) && isPlain(json) && !isError(object(json))) return [];
	throw malformed(request, status, `the answer has no list ${list.at === undefined ? 'of its own' : `\`${list.at}\``}`);
}
