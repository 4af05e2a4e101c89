/** Elements of a page, good and hostile, each with what has to become of it. */
import fc from 'fast-check';
import { badTime, goodTime, type Time } from './times';
import { large, noMember, noObject, noUtf8, value } from './values';

export interface Element {
	bytes: Buffer;
	/** When the event happened; undefined when it is none. */
	nanos?: bigint;
}

/** Names of a provider: those of id and time, and the fields that its mapping looks at. */
export interface Names {
	id: string;
	time: string;
	fields: readonly string[];
}

/** What must not be stored where it is redacted. */
export const CANARY = 'canary-5d1b';

/** JSON texts of an id, given what makes it unique; undefined when there is none. */
type Id = (unique: string) => string | Buffer | undefined;

const unlike: readonly Id[] = [
	(unique) => `"e-${unique}"`,
	(unique) => `"\\u00e9\\ud83d\\ude00\\u0000 ${unique}"`,
	(unique) => `"?${unique}"`,
	(unique) => `"h:${unique}"`,
	(unique) => `"${'i'.repeat(3000)}${unique}"`,
	(unique) => `9007199254740993${unique}`,
	(unique) => `1.5e-${unique}`,
	(unique) => `${unique}`,
];
/** Nothing in them is unique: their text as a whole has to do. */
const alike: readonly Id[] = [
	...['null', 'true', '""', '[]', '{}', '["e"]', '"\\ud800"', '"e\\udfff"'].map((json) => () => json),
	() => undefined,
	() => Buffer.from([34, 0xe9, 34]),
	() => Buffer.from([34, 0xea, 34]),
];
const idOf: fc.Arbitrary<Id> = fc.constantFrom(...unlike.slice(0, 1), ...unlike.slice(0, 1), ...unlike, ...alike);

interface Recipe {
	id: Id;
	time: Time;
	members: (readonly [which: number, json: string])[];
	odd?: readonly number[];
	spoilt?: string;
	secret: boolean;
	/** Key and time are there twice: the last one counts. */
	twice: boolean;
}

const recipe = (time: fc.Arbitrary<Time>, spoilt: fc.Arbitrary<string | undefined>): fc.Arbitrary<Recipe> =>
	fc.record({
		id: idOf,
		time,
		members: fc.array(fc.tuple(fc.nat(), value), { maxLength: 4 }),
		odd: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, noUtf8),
		spoilt,
		secret: fc.nat(9).map((n) => n === 0),
		twice: fc.nat(9).map((n) => n === 0),
	});

function build({ id, time, members, odd, spoilt, secret, twice }: Recipe, names: Names, unique: string): Element {
	const parts: (string | Buffer | readonly number[])[] = ['{'];
	const add = (name: string, json: string | Buffer | undefined) => {
		if (json !== undefined) parts.push(`${JSON.stringify(name)}: `, json, ' ,');
	};
	if (twice) add(names.id, '"another"');
	if (twice) add(names.time, 'null');
	add(names.id, id(unique));
	add(names.time, time.json);
	if (twice && time.json === undefined) add(names.time, '{}');
	if (twice && id(unique) === undefined) add(names.id, 'null');
	for (const [which, json] of members) add(names.fields[which % names.fields.length]!, json);
	if (secret) add('secret', `"${CANARY}"`);
	if (odd) parts.push('"odd":"', odd, '",');
	if (spoilt !== undefined) parts.push(`${spoilt},`);
	parts.push(`"unique":${unique}}`);
	const bytes = Buffer.concat(
		parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Uint8Array.from(part))),
	);
	return spoilt === undefined && time.nanos !== undefined ? { bytes, nanos: time.nanos } : { bytes };
}

/** To be called with the names of a provider and what no other element has. */
export type Make = (names: Names, unique: string) => Element;

const made = (of: fc.Arbitrary<Recipe>): fc.Arbitrary<Make> =>
	of.map((one) => (names: Names, unique: string) => build(one, names, unique));

const whole = fc.constant(undefined);
const huge = recipe(goodTime, whole).chain((one) =>
	fc.tuple(fc.nat(), large).map((member) => ({ ...one, members: [...one.members, member] })),
);

export const element: fc.Arbitrary<Make> = fc.oneof(
	{ weight: 40, arbitrary: made(recipe(goodTime, whole)) },
	{ weight: 12, arbitrary: made(recipe(badTime, whole)) },
	{ weight: 12, arbitrary: made(recipe(goodTime, noMember)) },
	{ weight: 6, arbitrary: noObject.map((text) => () => ({ bytes: Buffer.from(text) })) },
	{ weight: 1, arbitrary: made(huge) },
);
