/** What is said in the same words of every provider, whether code is needed besides or not. */
import type { Element } from '../../core/json/parse';
import type { Provider, Settings } from '../../core/provider';
import { parseDuration } from '../../core/durations';
import { readEvent } from '../../core/record/event';
import { authorizer, settingsOf } from './auth';
import type { Declaration } from './form/declaration';
import type { Part } from './form/part';
import { idReader } from './id';
import { listOf } from './places';
import { pathOf, valuesOf } from './template';
import { timeReader } from './time';

/** What a source asks for where the provider takes no number. */
const USUAL = 100;

export function saidBy(said: Declaration | Part) {
	const { name, title, label = name, baseUrl, page, limits, reconcile, retention } = said;
	const settings = settingsOf(said);
	const idOf = idReader(said.event);
	const timeOf = timeReader(said.event);
	const timeField = listOf(said.event.time).join(' or ');
	const { size = USUAL, maxSize = size } = page;
	return {
		...{ name, title, label, settings },
		event: (element: Element) => readEvent(element, idOf(element), timeField, timeOf),
		defaults: {
			baseUrl,
			latenessMs: parseDuration(said.lateness)!,
			pageSize: size,
			maxPageSize: maxSize,
			requestsPerMinute: limits.perMinute,
			...(limits.burst !== undefined && { burst: limits.burst }),
			...(reconcile && {
				reconcile: { everyMs: parseDuration(reconcile.every)!, spanMs: parseDuration(reconcile.span)! },
			}),
			...(retention !== undefined && { retentionMs: parseDuration(retention)! }),
		},
		endpoint: (given: Settings) => pathOf(said, valuesOf(said, given)),
		authorize: authorizer(said, settings),
	} satisfies Partial<Provider>;
}
