/**
 * JSON Schema as data that TypeScript can read: what is described once is checked, typed, and shown to editors. Only what
 * declarations need. No library, because those that do this build functions from text, which n8n's scan of packages refuses.
 */
declare const VALUE: unique symbol;

export interface Schema<T = unknown> {
	/** Never there: carries the type. */
	readonly [VALUE]?: T;
	readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array';
	readonly description?: string;
	readonly pattern?: string;
	/** What is wrong with a text that does not fit `pattern`: `what|fix`. Editors show it too. */
	readonly patternErrorMessage?: string;
	readonly enum?: readonly (string | number)[];
	readonly minimum?: number;
	readonly maximum?: number;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	readonly additionalProperties?: false | Schema;
	readonly items?: Schema;
	readonly minItems?: number;
	/** One of several forms, told apart by their `type`. */
	readonly anyOf?: readonly Schema[];
}

/** What a schema describes. */
export type Value<S> = S extends Schema<infer T> ? T : never;

const OPTIONAL = Symbol('optional');
type Optional<T> = Schema<T> & { readonly [OPTIONAL]: true };

export function optional<T>(schema: Schema<T>): Optional<T> {
	return { ...schema, [OPTIONAL]: true };
}

type Properties = Readonly<Record<string, Schema>>;
type Required<P> = { [K in keyof P as P[K] extends Optional<unknown> ? never : K]: Value<P[K]> };
type Others<P> = { [K in keyof P as P[K] extends Optional<unknown> ? K : never]?: Value<P[K]> };

/** A map with these keys and no others. */
export function object<P extends Properties>(properties: P, description?: string): Schema<Required<P> & Others<P>> {
	const required = Object.keys(properties).filter((key) => !(OPTIONAL in properties[key]!));
	return { type: 'object', description, properties, required, additionalProperties: false };
}

/** A map with any keys. */
export function mapOf<T>(value: Schema<T>, description?: string): Schema<Readonly<Record<string, T>>> {
	return { type: 'object', description, additionalProperties: value };
}

export function listOf<T>(items: Schema<T>, description?: string): Schema<readonly T[]> {
	return { type: 'array', description, items, minItems: 1 };
}

export function text(description?: string, rule?: { pattern: RegExp; wrong: string }): Schema<string> {
	const form = rule ?? { pattern: /\S/, wrong: 'is empty|Give a value or remove the key' };
	return { type: 'string', description, pattern: form.pattern.source, patternErrorMessage: form.wrong };
}

export function oneOf<const T extends string>(values: readonly T[], description?: string): Schema<T> {
	return { type: 'string', description, enum: values };
}

export function whole(minimum: number, maximum: number, description?: string): Schema<number> {
	return { type: 'integer', description, minimum, maximum };
}

export function truth(description?: string): Schema<boolean> {
	return { type: 'boolean', description };
}

export function either<A, B>(a: Schema<A>, b: Schema<B>, description?: string): Schema<A | B> {
	return { description, anyOf: [a, b] };
}

/** Anything that JSON can say. */
export function anything(description?: string): Schema<unknown> {
	return { description };
}
