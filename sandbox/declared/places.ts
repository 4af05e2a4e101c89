/** Places in JSON and texts with `{name}` in them, as declarations write them. Read here on our own: the engine must not be held against itself. */
import type { Declaration } from '../../providers/declared/form/declaration';

export type Json = { [key: string]: unknown };

/** `a.b` is two steps, `a\.b` is one. */
export function steps(path: string): string[] {
	const found: string[] = [''];
	for (let at = 0; at < path.length; at++) {
		if (path[at] === '.') found.push('');
		else found[found.length - 1] += path[at] === '\\' ? (path[++at] ?? '') : path[at]!;
	}
	return found;
}

export function get(value: unknown, path: string): unknown {
	return steps(path).reduce<unknown>((inside, step) => (inside as Json | null | undefined)?.[step], value);
}

/** Makes what is missing on the way; a number is a place in a list. */
export function set(root: Json, path: string, value: unknown): void {
	const [last, ...way] = steps(path).reverse();
	let inside: Json = root;
	for (const [index, step] of way.reverse().entries()) {
		const next = inside[step];
		const following = way[index + 1] ?? last!;
		if (typeof next !== 'object' || next === null) inside[step] = /^\d+$/.test(following) ? [] : {};
		inside = inside[step] as Json;
	}
	inside[last!] = value;
}

export function remove(root: Json, path: string): void {
	const [last, ...way] = steps(path).reverse();
	const inside = way.reverse().reduce<unknown>((value, step) => (value as Json | undefined)?.[step], root);
	if (typeof inside === 'object' && inside !== null) delete (inside as Json)[last!];
}

export type Values = Readonly<Record<string, string>>;

/** What `{name}` and `{name.text}` stand for. */
export function valuesFor({ per = {} }: Declaration, settings: Values): Values {
	const values: Record<string, string> = { ...settings };
	for (const [name, byValue] of Object.entries(per)) {
		for (const [key, text] of Object.entries(byValue[settings[name] ?? ''] ?? {})) values[`${name}.${key}`] = text;
	}
	return values;
}

export function fill(template: string, values: Values): string {
	return template.replace(/\{([\w.]+)\}/g, (place, name: string) => values[name] ?? place);
}

/** What stands in a text where its template has `{from}`, `{to}` and `{pageSize}`. Undefined when the text is another one. */
export function match(template: string, text: string): Partial<Record<string, string>> | undefined {
	const names: string[] = [];
	const pattern = template
		.split(/(\{(?:from|to|pageSize)\})/)
		.map((part, index) => {
			if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
			names.push(part.slice(1, -1));
			return '(.*?)';
		})
		.join('');
	const found = new RegExp(`^${pattern}$`, 's').exec(text);
	return found ? Object.fromEntries(names.map((name, index) => [name, found[index + 1]])) : undefined;
}
