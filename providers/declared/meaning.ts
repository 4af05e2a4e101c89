/** What an event is about, and who should hear of it: by whole words of its action. */
import type { Alert, Category } from '../../core/provider';
import { remember, words } from '../../core/record/words';
import type { Facts } from './facts';
import type { RecordPart } from './form/event';

export interface Meaning {
	category: Category;
	alert: Alert;
}

type Rule = NonNullable<RecordPart['rules']>[number];

/** The first rule that fits. Those that ask for the outcome are asked twice, once for either. */
export function meaningOf(rules: RecordPart['rules'] = []): (facts: Facts) => Meaning {
	const known = rules.map((rule) => ({ ...rule, fits: fits(rule) }));
	const by = (isFailed: boolean) =>
		remember((action): Meaning => {
			const said = words(action);
			const rule = known.find(({ failed, fits: fit }) => (failed ?? isFailed) === isFailed && fit(said));
			return { category: rule?.category ?? 'other', alert: rule?.alert ?? 'none' };
		});
	const [failed, others] = [by(true), by(false)];
	return ({ action = '', failed: isFailed }) => (isFailed ? failed : others)(action);
}

function fits({ words: any, with: also, without }: Rule): (said: readonly string[]) => boolean {
	const [first, second, none] = [any, also, without].map((list) => list && new Set(list));
	const has = (set: ReadonlySet<string> | undefined, said: readonly string[]) => said.some((word) => set!.has(word));
	return (said) => has(first, said) && (!second || has(second, said)) && !(none && has(none, said));
}
