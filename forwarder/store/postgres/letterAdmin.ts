/** Dead letters, as an operator looks at them, and their way back into the outbox. */
import { StringDecoder } from 'node:string_decoder';
import type { Gap } from '../../../core/walk/contract';
import type { SourceEvent } from '../../../core/contract';
import { several, type Action, type Who } from '../actions';
import { DOUBTFUL } from '../contract';
import {
	patternOf,
	type DestinationsOf,
	type Letter,
	type LetterCount,
	type LetterEntry,
	type LetterFilter,
	type LetterHead,
	type LetterKind,
	type LetterRead,
	type LetterSlice,
	type LettersRead,
	type Retried,
} from '../deadLetters';
import { hasRoom } from '../letterBatch';
import { isList, search, type Chosen, type Found, type Searched } from '../letterSearch';
import { readLetter } from '../letterText';
import { insert, type NewBatch } from './batches';
import type { Beside } from './beside';
import { noteAction } from './actions';
import { settleRejections } from './gapAdmin';
import { groupsOf, removal, type Group } from './removeLetters';
import { sql, type Sql } from './sql';

const HEAD = sql`id, at, stream, nullif(destination, '') AS destination, event_id AS "eventId", time, observed, reason, detail`;

/** What letters belong together by; others are alone. */
const ENTRY = sql`stream, destination, at, detail, CASE WHEN reason = ${DOUBTFUL}::text THEN 0 ELSE id END`;

function where(which: Chosen): Sql {
	return isList(which) ? orInDoubtWith(sql`id = ANY(${which}::bigint[])`) : ofKind(which);
}

const ofKind = ({ stream, destination, reason }: LetterKind) =>
	sql`(${stream ?? null}::text IS NULL OR stream = ${stream ?? null}::text) AND (${destination ?? null}::text IS NULL OR destination = ${destination ?? null}::text)
		AND (${reason ?? null}::text IS NULL OR reason = ${reason ?? null}::text)`;

function says(text: string): Sql {
	const pattern = patternOf(text);
	return sql`(id::text = ${text}::text OR event_id ILIKE ${pattern}::text OR reason ILIKE ${pattern}::text
		OR detail ILIKE ${pattern}::text OR encode(raw, 'escape') ILIKE ${patternOf(escaped(text))}::text)`;
}

/** Of a step: a statement that takes long is one that a worker waits for. */
const STEP_MS = 200;

/** With those in the same doubt. */
export async function searchLetters(state: Beside, { text, ...kind }: Searched, limitMs?: number): Promise<Found> {
	const found = await search(
		async (below, most) => {
			const [row] = await state.read<{ looked: number; last: string | null; found: number[] }>(
				sql`SELECT count(*)::int AS looked, min(id)::text AS last, coalesce(json_agg(id) FILTER (WHERE fits), '[]') AS found FROM (
					SELECT id, ${ofKind(kind)} AND ${says(text)} AS fits FROM @dead_letters
					WHERE id < ${below}::bigint ORDER BY id DESC LIMIT ${most}::int) p`,
			);
			return { looked: row!.looked, last: Number(row!.last ?? 0), found: row!.found };
		},
		{ stepMs: STEP_MS, ...(limitMs !== undefined && { limitMs }) },
	);
	if (found.ids.length === 0) return found;
	const rows = await state.read<{ id: bigint }>(
		sql`SELECT id FROM @dead_letters WHERE ${where(found.ids)} ORDER BY id DESC`,
	);
	return { ...found, ids: rows.map(({ id }) => Number(id)) };
}

/** As `encode(…, 'escape')` writes bytes: those of a text need not be ones that the database takes for a text. */
const escaped = (text: string): string =>
	Array.from(Buffer.from(text), (byte) => {
		if (byte === 0 || byte >= 0x80) return `\\${byte.toString(8).padStart(3, '0')}`;
		return byte === 0x5c ? '\\\\' : String.fromCharCode(byte);
	}).join('');

/** Whoever names a letter that is in doubt means all that are in doubt with it: the receiver counted them together. */
function orInDoubtWith(chosen: Sql): Sql {
	return sql`(${chosen} OR (reason = ${DOUBTFUL}::text AND (stream, destination, at, detail) IN
		(SELECT stream, destination, at, detail FROM @dead_letters WHERE ${chosen} AND reason = ${DOUBTFUL}::text)))`;
}

/** Newest first; `total` counts the entries beyond the limit too, `records` all their letters. */
export async function listLetters(state: Beside, filter: LetterKind, limit: number) {
	const entries = sql`SELECT min(id) AS first, count(*)::int AS records FROM @dead_letters WHERE ${where(filter)} GROUP BY ${ENTRY}`;
	const [count] = await state.read<{ total: number; records: number }>(
		sql`SELECT count(*)::int AS total, coalesce(sum(records), 0)::int AS records FROM (${entries}) e`,
	);
	const rows = await state.read<Stored & { records: number }>(
		sql`SELECT ${HEAD}, records FROM (${entries}) e JOIN @dead_letters ON id = first ORDER BY id DESC LIMIT ${limit}::int`,
	);
	return { ...count!, letters: rows.map((row): LetterEntry => ({ ...headOf(row), records: row.records })) };
}

/** Each on its own, newest first; `total` counts all that fit. */
export async function readLetters(
	state: Beside,
	{ text, ...kind }: LetterFilter,
	{ offset, limit, textLength, limitMs }: LetterSlice,
): Promise<LettersRead> {
	const found = text === undefined ? undefined : await searchLetters(state, { ...kind, text }, limitMs);
	const which = found ? sql`id = ANY(${found.ids.slice(offset, offset + limit)}::bigint[])` : ofKind(kind);
	const rows = await state.read<Stored & { raw: Uint8Array; isCut: boolean }>(
		sql`SELECT ${HEAD}, substring(raw FROM 1 FOR ${textLength}::int) AS raw, length(raw) > ${textLength}::int AS "isCut"
			FROM @dead_letters WHERE ${which} ORDER BY id DESC LIMIT ${limit}::int OFFSET ${found ? 0 : offset}::bigint`,
	);
	const letters = rows.map(({ raw, isCut, ...row }): LetterRead => {
		// a letter that is cut in two is left out
		return { ...headOf(row), raw: new StringDecoder('utf8').write(Buffer.from(raw)), isCut };
	});
	if (!found) return { total: await countOf(state, kind), letters };
	const { ids, looked, isCut } = found;
	return { total: ids.length, letters, ...(isCut && { looked: { at: looked, of: await countOf(state, {}) } }) };
}

async function countOf(state: Beside, kind: LetterKind): Promise<number> {
	const [count] = await state.read<{ n: number }>(
		sql`SELECT count(*)::int AS n FROM @dead_letters WHERE ${ofKind(kind)}`,
	);
	return count!.n;
}

export async function countLetters(state: Beside, filter: LetterKind): Promise<LetterCount[]> {
	const rows = await state.read<LetterCount & { destination: string | null }>(
		sql`SELECT stream, nullif(destination, '') AS destination, reason, count(*)::int AS records FROM @dead_letters WHERE ${where(filter)}
			GROUP BY 1, 2, 3 ORDER BY records DESC, 1, 2, 3`,
	);
	return rows.map(({ destination, ...row }) => ({ ...row, ...(destination !== null && { destination }) }));
}

type Whole = Stored & { raw: Uint8Array; replaced: boolean };

const letterOf = (row: Whole): Letter => ({
	...headOf(row),
	raw: Buffer.from(row.raw).toString(),
	...(row.replaced && { isReplaced: true }),
});

export async function findLetter(state: Beside, id: number): Promise<Letter | undefined> {
	const [row] = await state.read<Whole>(sql`SELECT ${HEAD}, raw, replaced FROM @dead_letters WHERE id = ${id}::bigint`);
	return row && letterOf(row);
}

/** Texts that are read at once. */
const CHUNK = 100;

/** Those that there are when it begins, as far as nobody removes them meanwhile. What is said of it is kept, when there were any. */
export async function exportLetters(
	state: Beside,
	which: Chosen,
	write: (letter: Letter) => void,
	who: Who,
): Promise<{ letters: number; action?: Action }> {
	const ids = (await findLetters(state, which)).map(({ id }) => id);
	let letters = 0;
	for (let at = 0; at < ids.length; at += CHUNK) {
		const rows = await state.read<Whole>(
			sql`SELECT ${HEAD}, raw, replaced FROM @dead_letters WHERE id = ANY(${ids.slice(at, at + CHUNK)}::bigint[])
				ORDER BY observed, stream, destination, id`,
		);
		for (const row of rows) write(letterOf(row));
		letters += rows.length;
	}
	if (letters === 0) return { letters };
	return { letters, action: await noteAction(state, who, `dead-letters export: ${several(letters, 'dead letter')}`) };
}

/** In the order in which they travel: what was received first, first. */
export async function findLetters(state: Beside, which: Chosen): Promise<LetterHead[]> {
	const rows = await state.read<Stored>(
		sql`SELECT ${HEAD} FROM @dead_letters WHERE ${where(which)} ORDER BY observed, stream, destination, id`,
	);
	return rows.map(headOf);
}

interface Growing extends NewBatch {
	events: SourceEvent[];
	gaps: Gap[];
	ids: number[];
	size: number;
}

/**
 * Puts records back into the outbox of their destination, as new batches with the time they were received at first, and
 * removes their letters, each batch in one statement: if somebody else is at the same letters, only one of both does it.
 */
export async function retryLetters(
	state: Beside,
	which: Chosen,
	refuse: (letter: LetterHead) => string | undefined,
	who: Who,
): Promise<Retried> {
	const result: Retried = { letters: 0, batches: 0, refused: [] };
	let open: Growing | undefined;
	const close = async () => {
		if (open && (await sendAgain(state, open))) {
			result.letters += open.ids.length;
			result.batches += 1;
		}
		open = undefined;
	};
	const found = await findLetters(state, which);
	for (const head of found) {
		const content = await contentOf(state, head, refuse);
		if (typeof content === 'string') {
			result.refused.push({ id: head.id, reason: content });
			continue;
		}
		if (open && (!hasRoom(open, head) || (open.verified && content.verified))) await close();
		const { stream, destination, observed } = head;
		open ??= { stream, destinations: [destination!], observed, events: [], gaps: [], ids: [], size: 0 };
		open.ids.push(head.id);
		if (content.gap) open.gaps.push(content.gap);
		if (content.verified) open.verified = content.verified;
		if (content.event) open.events.push({ ...content.event, json: {} });
		open.size += content.event?.raw.length ?? 0;
	}
	await close();
	for (const id of isList(which) ? which : [])
		if (!found.some((head) => head.id === id)) result.refused.push({ id, reason: 'there is no such dead letter' });
	if (result.letters > 0) {
		await settleRejections(state, who);
		result.action = await noteAction(state, who, `dead-letters retry: ${several(result.letters, 'dead letter')}`);
	}
	return result;
}

async function sendAgain(state: Beside, batch: Growing): Promise<boolean> {
	const shard = await state.shardOf(batch.stream);
	if (shard === undefined) return false;
	const ids = sql`id = ANY(${batch.ids}::bigint[])`;
	return state.change(
		shard,
		[insert(shard, batch, true).effect, sql`DELETE FROM @dead_letters USING fence WHERE ${ids}`],
		sql`(SELECT count(*) FROM locked) = ${batch.ids.length}::int`,
		sql`SELECT id FROM @dead_letters WHERE ${ids} FOR UPDATE`,
	);
}

async function contentOf(state: Beside, head: LetterHead, refuse: (letter: LetterHead) => string | undefined) {
	if (head.destination === undefined) return 'it never became an event, so there is nothing to ship';
	const letter = await findLetter(state, head.id);
	if (!letter) return 'there is no such dead letter';
	return refuse(head) ?? readLetter(letter);
}

/** Removes them for good; gap records say so. */
export async function discardLetters(
	state: Beside,
	which: Chosen,
	who: Who,
	destinationsOf: DestinationsOf,
): Promise<{ letters: number; action?: Action }> {
	let letters = 0;
	const streams = new Set<string>();
	for (const group of await state.read<Group>(groupsOf(where(which)))) {
		const shard = await state.shardOf(group.stream);
		const { effects, batch } = removal(group, {
			why: `discarded by ${who.by}`,
			at: who.at,
			seenBy: who.by,
			destinationsOf,
		});
		const travels = shard !== undefined && batch && batch.destinations.length > 0;
		const done = await state.change(
			shard ?? 0,
			travels ? [insert(shard, batch).effect, ...effects] : effects,
			sql`(SELECT count(*) FROM locked) = ${group.ids.length}::int`,
			sql`SELECT id FROM @dead_letters WHERE id = ANY(${group.ids}::bigint[]) FOR UPDATE`,
		);
		if (!done) continue;
		letters += group.letters;
		streams.add(group.stream);
	}
	if (letters === 0) return { letters };
	await settleRejections(state, who);
	const what = `dead-letters discard: ${several(letters, 'dead letter')} of ${[...streams].join(', ')}`;
	return { letters, action: await noteAction(state, who, what) };
}

type Stored = Omit<LetterHead, 'id' | 'destination' | 'time'> & {
	id: bigint;
	destination: string | null;
	time: bigint | null;
};

function headOf({ id, at, stream, destination, eventId, time, observed, reason, detail }: Stored): LetterHead {
	return {
		...{ id: Number(id), at, stream, ...(destination !== null && { destination }), eventId },
		...(time !== null && { time }),
		...{ observed, reason, detail },
	};
}
