/** How values are written as JSON and read again: one form for both ways, and what is read is checked. */

/** Of what is read; more may be written, as a list that must not be changed. */
export interface Form<T, Written = T> {
	/** Plain JSON; `JSON.stringify` leaves out members that are undefined. */
	readonly write: (value: Written) => unknown;
	/** Throws `FormError`. @param path of what is read: where it is wrong */
	readonly read: (json: unknown, path?: Path) => T;
}

/** Members, and places in lists, on the way to a value. */
type Path = readonly (string | number)[];

/** What was read is not of the form. */
export class FormError extends Error {
	override name = 'FormError';

	constructor(
		readonly what: string,
		readonly path: Path,
	) {
		super(path.length > 0 ? `${path.join('.')}: ${what}` : what);
	}
}

/** A value that JSON has itself. */
export function plain<T>(isOne: (json: unknown) => boolean, otherwise: string): Form<T> {
	return {
		write: (value) => value,
		read(json, path = []) {
			if (!isOne(json)) throw new FormError(otherwise, path);
			return json as T;
		},
	};
}

export const text: Form<string> = plain((json) => typeof json === 'string', 'is not a text');
export const flag: Form<boolean> = plain((json) => typeof json === 'boolean', 'is not true or false');
/** A whole number. */
export const count = (least: number): Form<number> =>
	plain((json) => Number.isSafeInteger(json) && (json as number) >= least, `is not a whole number from ${least} on`);
export const oneOf = <T extends string>(words: readonly T[]): Form<T> =>
	plain((json) => words.includes(json as T), `is not one of ${words.join(', ')}`);

export function list<T>(of: Form<T>): Form<T[], readonly T[]> {
	return {
		write: (values) => values.map(of.write),
		read(json, path = []) {
			if (!Array.isArray(json)) throw new FormError('is not a list', path);
			return json.map((element, place) => of.read(element, [...path, place]));
		},
	};
}

export function nonEmpty<T>(of: Form<T>): Form<readonly [T, ...T[]]> {
	const { write, read } = list(of);
	return {
		write,
		read(json, path = []) {
			const [first, ...others] = read(json, path);
			if (first === undefined) throw new FormError('is empty', path);
			return [first, ...others];
		},
	};
}

/** A member that may be absent. */
export function optional<T>({ write, read }: Form<T>): Form<T | undefined> {
	return {
		write: (value) => (value === undefined ? undefined : write(value)),
		read: (json, path) => (json === undefined ? undefined : read(json, path)),
	};
}

/** Each member has to be named: one that is forgotten does not compile. A member that nobody knows is refused: it meant something. */
export function members<T extends object>(forms: { readonly [K in keyof T]-?: Form<T[K]> }): Form<T> {
	const all = Object.entries(forms) as [string, Form<unknown>][];
	return {
		write: (value) => Object.fromEntries(all.map(([name, { write }]) => [name, write(value[name as keyof T])])),
		read(json, path = []) {
			if (!isObject(json)) throw new FormError('is not an object', path);
			const unknown = Object.keys(json).filter((name) => !Object.hasOwn(forms, name));
			if (unknown.length > 0) throw new FormError(`unknown: ${unknown.join(', ')}`, path);
			const found = all.map(([name, { read }]) => [name, read(json[name], [...path, name])] as const);
			return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as T;
		},
	};
}

export function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
	return typeof json === 'object' && json !== null && !Array.isArray(json);
}
