/** Texts of a declaration with `{name}` in them. */
import type { Settings } from '../../core/provider';
import type { Declaration } from './form/declaration';

const PLACE = /\{([A-Za-z]\w*(?:\.\w+)?)\}/g;

export type Values = Readonly<Record<string, string | undefined>>;

/** Names that a text asks for. */
export function placesIn(text: string): string[] {
	return [...text.matchAll(PLACE)].map(([, name]) => name!);
}

/** With `encode` for a path, whose parts must stay parts. Throws for a name without a value: nothing may be sent half filled. */
export function filledIn(text: string, values: Values, encode = (value: string) => value): string {
	return text.replace(PLACE, (_place, name: string) => {
		const value = values[name];
		if (value === undefined) throw new Error(`{${name}} has no value`);
		return encode(value);
	});
}

/** What `{name}` and `{name.text}` stand for, for a source with these settings. */
export function valuesOf(
	{ settings: declared = {}, per = {} }: Pick<Declaration, 'settings' | 'per'>,
	settings: Settings,
): Values {
	const values: Record<string, string | undefined> = {};
	for (const [name, setting] of Object.entries(declared)) {
		const value = settings[name] ?? setting.default;
		values[name] = value;
		for (const [text, depends] of Object.entries(per[name]?.[value ?? ''] ?? {})) values[`${name}.${text}`] = depends;
	}
	return values;
}

export function isOnePlace(text: string, name: string): boolean {
	return text === `{${name}}`;
}

/** Of the list. */
export function pathOf(
	{ request: { path } }: { request: Pick<Declaration['request'], 'path'> },
	values: Values,
): string {
	return filledIn(path, values, encodeURIComponent);
}
