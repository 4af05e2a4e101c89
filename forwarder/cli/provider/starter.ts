/** The commented declaration that `provider new` writes: an API that exists nowhere, and beside it every key that there is. */
import { Form } from '../../../providers/declared/form/declaration';
import type { Schema } from '../../../providers/declared/schema';

/** What is switched on: a list that is paged by a cursor, oldest first. */
const sample = (name: string, title: string) => ({
	name,
	title,
	baseUrl: `https://api.${name}.example`,
	settings: {
		organization: {
			title: 'Organization',
			description: 'Its short name, as in the address of the console',
			required: true,
			identity: true,
			tenant: true,
			example: 'my-org',
		},
	},
	auth: { kind: 'header', scheme: 'Bearer' },
	request: {
		path: '/v1/{organization}/events',
		query: { since: '{from}', order: 'asc', limit: '{pageSize}' },
		bounded: { until: '{to}' },
	},
	bounds: { format: 'iso-ms' },
	order: 'oldest',
	list: { at: 'data' },
	page: { kind: 'cursor', size: 100, at: 'meta.next', into: 'cursor', end: { emptyPage: true, samePosition: true } },
	event: { id: 'id', time: 'created_at' },
	limits: { perMinute: 60 },
	lateness: '10m',
	record: {
		action: 'action',
		failed: [{ at: 'outcome', in: ['failure', 'denied'] }],
		attributes: {
			'audit.actor.id': 'actor.id',
			'user.email': 'actor.email',
			'audit.target.id': ['target.id', 'object_id'],
			'client.address': 'ip',
		},
		rules: [
			{ words: ['role', 'token', 'mfa'], category: 'access', alert: 'notify' },
			{ words: ['login', 'logout', 'user'], category: 'access' },
		],
	},
	unknown: ['lowerInclusive', 'end', 'lateness'],
});

export function starterText(name: string, title: string): string {
	return `# ${title} as a declared provider. \`audit-relay provider check ${name}.provider.yaml\` proves it. In a configuration:
#   sources:
#     - { name: ${name}, provider: ./${name}.provider.yaml, organization: my-org, apiKey: "\${env:${variable(name)}_API_KEY}" }
#
# Every key is here; those that this API does not need are switched off. Example answers are in ${name}.page.json and
# ${name}.page2.json, the records that they become in ${name}.expected.json: put real answers there, with other names in them.

${linesOf(Form, sample(name, title), '').slice(1).join('\n')}
`;
}

const variable = (name: string) => name.toUpperCase().replaceAll('-', '_');

const WIDTH = 118;

function linesOf({ properties = {} }: Schema, values: Readonly<Record<string, unknown>>, indent: string): string[] {
	return Object.entries(properties).flatMap(([key, schema]) => [
		...(indent === '' ? [''] : []),
		...about(schema, indent),
		...entry(key, schema, values[key], indent),
	]);
}

function about({ description, enum: values, additionalProperties: items }: Schema, indent: string): string[] {
	const what = description ?? (items ? items.description : undefined);
	const words = [what && `${what}.`.replace('..', '.'), values && `One of ${values.join(', ')}.`].filter(Boolean);
	return wrapped(words.join(' '), WIDTH - indent.length - 2).map((line) => `${indent}# ${line}`);
}

function entry(key: string, schema: Schema, value: unknown, indent: string): string[] {
	const inner = schema.properties ? schema : undefined;
	if (value === undefined) {
		if (!inner) return [`${indent}# ${key}:`];
		return [`${indent}# ${key}:`, ...linesOf(inner, {}, `${indent}  `).map(off)];
	}
	if (inner) return [`${indent}${key}:`, ...linesOf(inner, value as Record<string, unknown>, `${indent}  `)];
	const of = schema.additionalProperties;
	if (of)
		return [
			`${indent}${key}:`,
			...Object.entries(value as object).flatMap(([name, one]: [string, unknown]) =>
				named(name, of, one, `${indent}  `),
			),
		];
	const items = Array.isArray(value) ? value : undefined;
	if (items && typeof items[0] === 'object')
		return [`${indent}${key}:`, ...items.map((item) => `${indent}  - ${flow(item)}`)];
	return [`${indent}${key}: ${flow(value)}`];
}

function named(name: string, of: Schema, value: unknown, indent: string): string[] {
	if (!of.properties) return [`${indent}${name}: ${flow(value)}`];
	return [`${indent}${name}:`, ...linesOf(of, value as Record<string, unknown>, `${indent}  `)];
}

/** Switched off, with what it means still readable. */
const off = (line: string) => line.replace(/^(\s*)(?:# )?/, '$1# ');

function flow(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
	if (typeof value === 'object' && value !== null)
		return `{ ${Object.entries(value)
			.map(([key, one]) => `${key}: ${flow(one)}`)
			.join(', ')} }`;
	if (typeof value !== 'string') return String(value);
	return /^[\w./-][\w ./:-]*$/.test(value) && !/: /.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
}

function wrapped(text: string, width: number): string[] {
	const lines: string[] = [];
	for (const word of text.split(' ').filter(Boolean)) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}

/** Stands for a number that a double cannot hold. */
const LARGE = '@large';

const event = (id: string, minute: number, more: object) => ({
	id,
	created_at: `2026-03-02T08:${minute}:30.412Z`,
	...more,
});

/** One answer of the middle, and the last one. One event succeeds, one fails, one has the least that there can be. */
const pages: readonly object[] = [
	{
		data: [
			event('evt_1', 15, {
				action: 'user.login',
				outcome: 'success',
				actor: { id: LARGE, email: 'lee@example.com' },
				target: { id: 'app_7' },
				ip: '192.0.2.4',
			}),
			event('evt_2', 16, { action: 'token.create', outcome: 'denied', actor: { id: 12 }, object_id: 'tok_3' }),
		],
		meta: { next: 'c2' },
	},
	{ data: [event('evt_3', 17, { action: 'system.report' })], meta: {} },
];

export const starterPages = pages.map((page) =>
	`${JSON.stringify(page, null, '\t')}\n`.replace(`"${LARGE}"`, '90071992547409931'),
);
