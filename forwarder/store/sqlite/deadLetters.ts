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
import { readLetter } from '../letterText';
import { immediate } from './transaction';
import {
	patternOf,
	type Letter,
	type LetterCount,
	type LetterEntry,
	type LetterFilter,
	type LetterHead,
	type LetterRead,
	type LetterSlice,
	type Retried,
} from '../deadLetters';

const HEAD =
	"id, at, stream, nullif(destination, '') AS destination, event_id AS eventId, time, observed, reason, detail";
const KIND = `(:stream IS NULL OR stream = :stream) AND (:destination IS NULL OR destination = :destination)
	AND (:reason IS NULL OR reason = :reason)`;
const SAYS = ['event_id', 'reason', 'detail', 'raw']
	.map((column) => `${column} LIKE :pattern ESCAPE '\\'`)
	.join(' OR ');

/** The same doubt: the receiver counted them together. */
const orInDoubtWith = (
	chosen: string,
) => `(${chosen} OR (reason = '${DOUBTFUL}' AND (stream, destination, at, detail) IN
	(SELECT stream, destination, at, detail FROM dead_letters WHERE ${chosen} AND reason = '${DOUBTFUL}')))`;

const CHOSEN = orInDoubtWith('id IN (SELECT value FROM json_each(:ids))');
const FOUND = orInDoubtWith(`(${KIND} AND (CAST(id AS TEXT) = :text OR ${SAYS}))`);

/** The texts are looked at only when something is searched for. */
function whereOf({ stream, destination, reason, text }: LetterFilter) {
	const kind = { stream: stream ?? null, destination: destination ?? null, reason: reason ?? null };
	if (text === undefined) return { where: KIND, values: kind };
	return { where: FOUND, values: { ...kind, pattern: patternOf(text), text } };
}

/** What letters belong together by; others are alone. */
const ENTRY = `stream, destination, at, detail, iif(reason = '${DOUBTFUL}', 0, id)`;

/** Newest first; `total` counts the entries beyond the limit too, `records` all their letters. */
export function listLetters(db: DatabaseSync, filter: LetterFilter, limit: number) {
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
export function readLetters(db: DatabaseSync, filter: LetterFilter, { offset, limit, textLength }: LetterSlice) {
	const { where, values } = whereOf(filter);
	const found = db.prepare(`SELECT id FROM dead_letters WHERE ${where} ORDER BY id DESC`).all(values);
	const ids = JSON.stringify(found.slice(offset, offset + limit).map(({ id }) => id));
	const read = db.prepare(
		`SELECT ${HEAD}, substr(raw, 1, :textLength) AS raw, length(raw) > :textLength AS isCut
			FROM dead_letters WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY id DESC`,
	);
	read.setReadBigInts(true);
	const letters = read.all({ ids, textLength }).map(({ isCut, ...row }) => {
		return { ...letterOf<Omit<LetterRead, 'isCut'>>(row), isCut: isCut === 1n };
	});
	return { total: found.length, letters };
}

export function countLetters(db: DatabaseSync, filter: LetterFilter): LetterCount[] {
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
export function findLetters(db: DatabaseSync, which: readonly number[] | LetterFilter): LetterHead[] {
	const { where, values } = isList(which) ? { where: CHOSEN, values: { ids: JSON.stringify(which) } } : whereOf(which);
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
	which: readonly number[] | LetterFilter,
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

const isList = (which: readonly number[] | LetterFilter): which is readonly number[] => Array.isArray(which);

const COUNTS = new Set(['id', 'records']);

function letterOf<T>(row: Record<string, unknown>): T {
	const known = Object.entries(row).filter(([, value]) => value !== null);
	return Object.fromEntries(known.map(([name, value]) => [name, COUNTS.has(name) ? Number(value) : value])) as T;
}
