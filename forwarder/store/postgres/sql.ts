/** Statements with their values in place: a statement that is put together from parts numbers its parameters by itself. */
import { named as withSchema } from './schema';

type One = string | bigint | number | boolean | Uint8Array | null;
export type Value = One | readonly (string | bigint | number | boolean | null)[];

/** A part of a statement. Tables are named `@table`: the schema is put before them. */
export interface Sql {
	readonly texts: readonly string[];
	readonly parts: readonly (Value | Sql)[];
}

export function sql(texts: TemplateStringsArray, ...parts: (Value | Sql)[]): Sql {
	return { texts, parts };
}

/** All of them, one after the other. */
export function joined(parts: readonly Sql[], separator: string): Sql {
	const between = parts.slice(1).map(() => separator);
	return { texts: ['', ...between, ''], parts };
}

/** Parts of a statement that change something: `e0 AS (…), e1 AS (…)`. */
export function named(effects: readonly Sql[]): Sql {
	return joined(
		effects.map((effect, index) => ({ texts: [`e${index} AS (`, ')'], parts: [effect] })),
		', ',
	);
}

export interface Statement {
	text: string;
	values: unknown[];
}

export function statement(from: Sql, schema: string): Statement {
	const values: unknown[] = [];
	const write = ({ texts, parts }: Sql): string =>
		texts
			.map((text, index) => {
				const own = withSchema(text, schema);
				if (index === texts.length - 1) return own;
				const part = parts[index]!;
				return own + (isSql(part) ? write(part) : `$${values.push(toParameter(part))}`);
			})
			.join('');
	return { text: write(from), values };
}

function isSql(part: Value | Sql): part is Sql {
	return typeof part === 'object' && part !== null && 'texts' in part;
}

/** Whole numbers travel as text: 64 bits are more than a number holds. */
function toParameter(value: Value): unknown {
	if (Array.isArray(value)) return value.map((one: One) => toParameter(one));
	if (typeof value === 'bigint') return String(value);
	// a text in Postgres cannot hold this letter, and a text that is refused would stop its stream for ever
	if (typeof value === 'string') return value.replaceAll('\0', '\u2400');
	return value;
}
