/** What comes with an action, checked: a mistake is told by the key and what it may be. */
import * as z from 'zod';
import { findingsOf } from '../../config/problems';
import type { LetterFilter } from '../../store/deadLetters';
import { Refused, type Asked } from '../http/exchange';
import { letterFilter, MOST_SEARCHED } from './query';

/** It is shown beside other text, and a database takes no zero character. */
const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();

export const Note = z.strictObject({ note: z.string().max(500).transform(oneLine).optional() });
export const Range = z.strictObject({ from: z.string(), to: z.string().optional() });

const Name = z.string().regex(/^\P{Cc}+$/u, 'is no name');
const Ids = z.strictObject({ ids: z.array(z.int().positive()).min(1).max(10_000) });
const All = z.strictObject({
	all: z.literal(true),
	source: Name.optional(),
	destination: Name.optional(),
	reason: Name.optional(),
	q: z.string().min(1).max(MOST_SEARCHED).optional(),
});

/** Throws `Refused`. */
export async function bodyOf<T>(asked: Asked, shape: z.ZodType<T>): Promise<T> {
	return checked(await asked.body(), shape);
}

/** Throws `Refused`. */
export async function lettersOf(asked: Asked): Promise<readonly number[] | LetterFilter> {
	const body = await asked.body();
	if (typeof body !== 'object' || body === null || !('ids' in body || 'all' in body))
		throw new Refused(400, 'which letters is not said', 'Give ids: [7, 8], or all: true');
	return 'ids' in body ? checked(body, Ids).ids : letterFilter(checked(body, All));
}

function checked<T>(body: unknown, shape: z.ZodType<T>): T {
	const { success, data, error } = shape.safeParse(body);
	if (success) return data;
	const [finding] = findingsOf(error.issues[0]!, body, () => false, shape);
	const { path, what, fix = 'docs/operations.md has an example' } = finding!;
	throw new Refused(400, `${path.length === 0 ? 'the body' : path.join('.')}: ${what}`, fix);
}
