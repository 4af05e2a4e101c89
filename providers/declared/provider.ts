/** A declaration as a provider like any other. */
import type { Provider, Settings, TokenDoor } from '../../core/provider';
import { parseDuration } from '../../core/durations';
import { allOf } from './condition';
import type { Declaration } from './form/declaration';
import { limitReader } from './limits';
import { recordMaker } from './record';
import { saidBy } from './said';
import { declaredSource } from './source';
import { tokensOf } from './token';

export interface DeclaredProvider extends Provider {
	readonly declaration: Declaration;
}

/** @param declaration one that `readDeclaration` found nothing wrong with */
export function declaredProvider(declaration: Declaration): DeclaredProvider {
	const { name, per = {}, bounds, limits, noise, lossy } = declaration;
	const said = saidBy(declaration);
	const { settings, event, defaults } = said;

	/** What depends on the value of a setting. */
	function durationOf(key: 'lateness' | 'retention', given: Settings): number | undefined {
		return Object.entries(per)
			.map(([setting, texts]) => texts[given[setting] ?? settings[setting]?.default ?? '']?.[key])
			.flatMap((text) => (text === undefined ? [] : (parseDuration(text) ?? [])))
			.at(0);
	}

	return {
		...{ ...said, name, declaration },
		...(lossy !== undefined && { lossy }),
		defaults: {
			...defaults,
			...(bounds.boundedLateness !== undefined && { pastLatenessMs: parseDuration(bounds.boundedLateness)! }),
		},
		lateness: (given) => durationOf('lateness', given),
		retention: (given) => durationOf('retention', given),
		...(declaration.auth.tokenUrl !== undefined && {
			tokens: (door: TokenDoor, given: Settings) => tokensOf(declaration, given, door),
		}),
		answer: limitReader(limits),
		source: (call, given, sizes, door) => declaredSource(declaration, event, { call, settings: given, sizes, door }),
		draft: recordMaker(declaration),
		isSelfNoise: allOf(noise),
	};
}
