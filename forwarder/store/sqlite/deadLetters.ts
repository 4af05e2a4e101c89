/** What was not delivered, as an operator looks at it, and its way back into the outbox. */
import type { DatabaseSync } from 'node:sqlite';
import type { Gap } from '../../../core/walk/contract';
import type { SourceEvent } from '../../../core/contract';
import { noteAction } from './actions';
import { several, type Who } from '../actions';
import { batchWriter, type NewBatch } from './batches';
import { DOUBTFUL } from '../contract';
import { settleRejections } from './gaps';
import { isDamagedLetter } from './letters';
import { hasRoom } from '../letterBatch';
import { isList, search, type Chosen, type Found, type Pace, type Searched } from '../letterSearch';
import { readLetter } from '../letterText';
import { immediate } from './transaction';
import {
	patternOf,
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

const HEAD =
	"id, at, stream, nullif(destination, '') AS destination, event_id AS eventId, time, observed, reason, detail";
const KIND = `(:stream IS NULL OR stream = :stream) AND (:destination IS NULL OR destination = :destination)
	AND (:reason IS NULL OR reason = :reason)`;
const SAYS = ['event_id', 'reason', 'detail', 'raw']
	.map((column) => `${column} LIKE :pattern ESCAPE '\\'`)
	.join(' OR ');

/** Also those in the same doubt: the receiver counted them together. */
const CHOSEN = `id IN (SELECT value FROM json_each(:ids) UNION
	SELECT l.id FROM dead_letters d JOIN dead_letters l USING (stream, destination, reason, at, detail)
	WHERE d.id IN (SELECT value FROM json_each(:ids)) AND d.reason = '${DOUBTFUL}')`;

function whereOf(which: Chosen) {
	return isList(which)
		? { where: CHOSEN, values: { ids: JSON.stringify(which) } }
		: { where: KIND, values: kindOf(which) };
}

const kindOf = ({ stream, destination, reason }: LetterKind) => ({
	stream: stream ?? null,
	destination: destination ?? null,
	reason: reason ?? null,
});

/** What letters belong together by; others are alone. */
const ENTRY = `stream, destination, at, detail, iif(reason = '${DOUBTFUL}', 0, id)`;

/** Newest first; `total` counts the entries beyond the limit too, `records` all their letters. */
export function listLetters(db: DatabaseSync, filter: LetterKind, limit: number) {
	const { where, values } = whereOf(filter);
	const entries = `SELECT min(id) AS first, count(*) AS records FROM dead_letters WHERE ${where} GROUP BY ${ENTRY}`;
	const count = db.prepare(`SELECT count(*) AS total, coalesce(sum(records), 0) AS records FROM (${entries})`);
	const list = db.prepare(
		`SELECT ${HEAD}, records FROM (${entries}) JOIN dead_letters ON id = first ORDER BY id DESC LIMIT :limit`,
	);
	list.setReadBigInts(true);
	const { total, records } = count.get(values) as { total: number; records: number };
	return { total, records, letters: list.all({ ...values, limit }).map((row) => letterOf<LetterEntry>(row)) };
}

/** Each on its own, newest first; `total` counts all that fit. */
export async function readLetters(
	db: DatabaseSync,
	{ text, ...kind }: LetterFilter,
	{ offset, limit, textLength, limitMs }: LetterSlice,
): Promise<LettersRead> {
	const found = text === undefined ? undefined : await searchLetters(db, { ...kind, text }, limitMs);
	const { where, values } = whereOf(found ? found.ids.slice(offset, offset + limit) : kind);
	// the page of a search is there already, and what is in doubt with it stands elsewhere
	const read = db.prepare(
		`SELECT ${HEAD}, substr(raw, 1, :textLength) AS raw, length(raw) > :textLength AS isCut FROM dead_letters WHERE id IN
			(SELECT id FROM dead_letters WHERE ${found ? 'id IN (SELECT value FROM json_each(:ids))' : where}
			ORDER BY id DESC LIMIT :limit OFFSET :offset) ORDER BY id DESC`,
	);
	read.setReadBigInts(true);
	const letters = read.all({ ...values, textLength, limit, offset: found ? 0 : offset }).map(({ isCut, ...row }) => {
		return { ...letterOf<Omit<LetterRead, 'isCut'>>(row), isCut: isCut === 1n };
	});
	if (!found) return { total: countOf(db, kind), letters };
	return {
		total: found.ids.length,
		letters,
		...(found.isCut && { looked: { at: found.looked, of: countOf(db, {}) } }),
	};
}

function countOf(db: DatabaseSync, kind: LetterKind): number {
	const { where, values } = whereOf(kind);
	return Number(db.prepare(`SELECT count(*) AS n FROM dead_letters WHERE ${where}`).get(values)?.['n']);
}

/** Of a step: what polls and ships waits for so long. */
const STEP_MS = 10;

/** With those in the same doubt. */
export async function searchLetters(
	db: DatabaseSync,
	{ text, ...kind }: Searched,
	limitMs?: number,
	pace: Partial<Pace> = {},
): Promise<Found> {
	const part = db.prepare(
		`SELECT count(*) AS looked, min(id) AS last, json_group_array(id) FILTER (WHERE fits) AS found FROM (
			SELECT id, ${KIND} AND (CAST(id AS TEXT) = :text OR ${SAYS}) AS fits FROM dead_letters
			WHERE id < :below ORDER BY id DESC LIMIT :most)`,
	);
	const values = { ...kindOf(kind), text, pattern: patternOf(text) };
	const found = await search(
		(below, most) => {
			const row = part.get({ ...values, below, most }) as { looked: number; last: number | null; found: string };
			return { looked: row.looked, last: row.last ?? 0, found: JSON.parse(row.found) as number[] };
		},
		{ stepMs: STEP_MS, ...(limitMs !== undefined && { limitMs }), ...pace },
	);
	const all = db.prepare(`SELECT id FROM dead_letters WHERE ${CHOSEN} ORDER BY id DESC`);
	return { ...found, ids: all.all({ ids: JSON.stringify(found.ids) }).map(({ id }) => Number(id)) };
}

export function countLetters(db: DatabaseSync, filter: LetterKind): LetterCount[] {
	const { where, values } = whereOf(filter);
	const counts = db.prepare(
		`SELECT stream, nullif(destination, '') AS destination, reason, count(*) AS records FROM dead_letters WHERE ${where}
			GROUP BY 1, 2, 3 ORDER BY records DESC, 1, 2, 3`,
	);
	return counts.all(values).map(({ destination, ...row }) => ({
		...(row as Omit<LetterCount, 'destination'>),
		...(destination !== null && { destination: String(destination) }),
	}));
}

export function findLetter(db: DatabaseSync, id: number): Letter | undefined {
	const find = db.prepare(`SELECT ${HEAD}, raw, replaced FROM dead_letters WHERE id = ?`);
	find.setReadBigInts(true);
	const row = find.get(id);
	if (!row) return undefined;
	const { replaced, ...letter } = row;
	return { ...letterOf<Letter>(letter), ...(replaced === 1n && { isReplaced: true }) };
}

/**
 * In the order in which they travel: what was received first, first. Whoever names a letter that is in doubt means all that are
 * in doubt with it: the receiver counted them together.
 */
export function findLetters(db: DatabaseSync, which: Chosen): LetterHead[] {
	const { where, values } = whereOf(which);
	const select = db.prepare(
		`SELECT ${HEAD} FROM dead_letters WHERE ${where} ORDER BY observed, stream, destination, id`,
	);
	select.setReadBigInts(true);
	return select.all(values).map((row) => letterOf<LetterHead>(row));
}

/**
 * Puts records back into the outbox of their destination, as new batches with the time they were received at first, and
 * removes their letters, in one transaction. Not fenced by the lease: adding a batch and deleting a letter is right whoever
 * owns the state now. The owner finds the batch when it looks at its outbox next, has never counted it, and cannot be
 * using the letter: it only ever adds letters.
 *
 * @param refuse why a letter must stay, judged by what the caller knows of the configuration
 */
export function retryLetters(
	db: DatabaseSync,
	which: Chosen,
	refuse: (letter: LetterHead) => string | undefined,
	who?: Who,
): Retried {
	const batches = batchWriter(db);
	const remove = db.prepare('DELETE FROM dead_letters WHERE id = ?');
	return immediate(db)(() => {
		const result: Retried = { letters: 0, batches: 0, refused: [] };
		let open: Growing | undefined;
		const close = () => {
			if (!open) return;
			batches.addRetried(open);
			for (const id of open.ids) remove.run(id);
			result.letters += open.ids.length;
			result.batches += 1;
			open = undefined;
		};
		const found = findLetters(db, which);
		for (const head of found) {
			const { id, stream, destination = '' } = head;
			const content = contentOf(db, head, refuse);
			if (typeof content === 'string') {
				result.refused.push({ id, reason: content });
				continue;
			}
			if (!open || !hasRoom(open, head) || (open.verified && content.verified)) close();
			open ??= { stream, destinations: [destination], observed: head.observed, events: [], gaps: [], ids: [], size: 0 };
			open.ids.push(id);
			if (content.gap) open.gaps.push(content.gap);
			if (content.verified) open.verified = content.verified;
			if (content.event) open.events.push(content.event);
			open.size += content.event?.raw.length ?? 0;
		}
		close();
		for (const id of isList(which) ? which : []) {
			if (!found.some((head) => head.id === id)) result.refused.push({ id, reason: 'there is no such dead letter' });
		}
		if (who && result.letters > 0) {
			settleRejections(db, who);
			result.action = noteAction(db, who, `dead-letters retry: ${several(result.letters, 'dead letter')}`);
		}
		return result;
	});
}

interface Growing extends NewBatch {
	events: Omit<SourceEvent, 'json'>[];
	gaps: Gap[];
	ids: number[];
	size: number;
}

function contentOf(db: DatabaseSync, head: LetterHead, refuse: (letter: LetterHead) => string | undefined) {
	if (head.destination === undefined) return 'it never became an event, so there is nothing to ship';
	if (isDamagedLetter(db, head.id)) return 'the disk has damaged it: it is no longer what the provider sent';
	return refuse(head) ?? readLetter(findLetter(db, head.id)!);
}

const COUNTS = new Set(['id', 'records']);

function letterOf<T>(row: Record<string, unknown>): T {
	const known = Object.entries(row).filter(([, value]) => value !== null);
	return Object.fromEntries(known.map(([name, value]) => [name, COUNTS.has(name) ? Number(value) : value])) as T;
}
