/** A declaration as a provider like any other. */
import type { Element } from '../../core/json/parse';
import type { Provider, Settings, TokenDoor } from '../../core/provider';
import { parseDuration } from '../../core/durations';
import { readEvent } from '../../core/record/event';
import { authorizer, settingsOf } from './auth';
import { allOf } from './condition';
import type { Declaration } from './form/declaration';
import { idReader } from './id';
import { limitReader } from './limits';
import { listOf } from './places';
import { recordMaker } from './record';
import { pathOf } from './request';
import { declaredSource } from './source';
import { valuesOf } from './template';
import { timeReader } from './time';
import { tokensOf } from './token';

export interface DeclaredProvider extends Provider {
	readonly declaration: Declaration;
}

/** What a source asks for where the provider takes no number. */
const USUAL = 100;

/** @param declaration one that `readDeclaration` found nothing wrong with */
export function declaredProvider(declaration: Declaration): DeclaredProvider {
	const {
		name,
		title,
		label = name,
		baseUrl,
		per = {},
		bounds,
		page,
		limits,
		reconcile,
		retention,
		lossy,
	} = declaration;
	const settings = settingsOf(declaration);
	const idOf = idReader(declaration.event);
	const timeOf = timeReader(declaration.event);
	const timeField = listOf(declaration.event.time).join(' or ');
	const event: Provider['event'] = (element: Element) => readEvent(element, idOf(element), timeField, timeOf);
	const { size = USUAL, maxSize = size } = page;

	/** What depends on the value of a setting. */
	function durationOf(key: 'lateness' | 'retention', given: Settings): number | undefined {
		return Object.entries(per)
			.map(([setting, texts]) => texts[given[setting] ?? settings[setting]?.default ?? '']?.[key])
			.flatMap((text) => (text === undefined ? [] : (parseDuration(text) ?? [])))
			.at(0);
	}

	return {
		...{ name, title, label, settings, event, declaration },
		...(lossy !== undefined && { lossy }),
		defaults: {
			baseUrl,
			latenessMs: parseDuration(declaration.lateness)!,
			...(bounds.boundedLateness !== undefined && { pastLatenessMs: parseDuration(bounds.boundedLateness)! }),
			pageSize: size,
			maxPageSize: maxSize,
			requestsPerMinute: limits.perMinute,
			...(limits.burst !== undefined && { burst: limits.burst }),
			...(reconcile && {
				reconcile: { everyMs: parseDuration(reconcile.every)!, spanMs: parseDuration(reconcile.span)! },
			}),
			...(retention !== undefined && { retentionMs: parseDuration(retention)! }),
		},
		lateness: (given) => durationOf('lateness', given),
		retention: (given) => durationOf('retention', given),
		endpoint: (given) => pathOf(declaration, valuesOf(declaration, given)),
		authorize: authorizer(declaration, settings),
		...(declaration.auth.tokenUrl !== undefined && {
			tokens: (door: TokenDoor, given: Settings) => tokensOf(declaration, given, door),
		}),
		answer: limitReader(limits),
		source: (call, given, sizes, door) => declaredSource(declaration, event, { call, settings: given, sizes, door }),
		draft: recordMaker(declaration),
		isSelfNoise: allOf(declaration.noise),
	};
}
