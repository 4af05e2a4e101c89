/**
 * A batch that the disk has altered is set aside: kept for people to look at, shipped to nobody. What was in it is read again
 * from the provider, so in the same transaction its ids are forgotten and its stream goes back to its first event. Repeats may
 * come of it, a loss does not.
 */
import type { DatabaseSync } from 'node:sqlite';
import { decode, encode, intervalsForm } from '../../../core/walk/codec';
import type { Gap } from '../../../core/walk/contract';
import { merged, without, type Interval } from '../../../core/walk/intervals';
import type { Nanos } from '../../../core/contract';
import { restoreDeliveries } from './deliveries';
import { forgetListed, forgetWithin } from './forget';
import { openJob, tell } from './mend';
import type { Shared } from './shared';
import { mended, streamRows, type StreamRow } from './streamRow';
import { damagedParts, summedColumns, type Row } from './sums';

export interface BatchRow extends Row {
	id: bigint;
	stream: string;
	observed: bigint;
	retried: bigint;
	gaps: string;
	verified: string | null;
	events: string;
	texts: Uint8Array;
}

export const BATCH_COLUMNS = ['id', ...summedColumns('batches')].join(', ');

/** Whether it is what was written. */
export const isWhole = (row: BatchRow): boolean => damagedParts('batches', row).length === 0;

/** Of which events, as far as the rest of the batch tells. `everything`: nothing of it can be believed. */
type Content =
	{ kind: 'listed'; events: { id: string; time: Nanos }[] } | { kind: 'span'; span: Interval } | { kind: 'everything' };

/** When deliveries contradict the batches: damaged ones first, because they say wrongly who gets them. */
export function restore(shared: Shared): void {
	const { db, transaction } = shared;
	const select = db.prepare(`SELECT ${BATCH_COLUMNS} FROM batches WHERE id = ?`);
	select.setReadBigInts(true);
	for (const { id } of db.prepare('SELECT id FROM batches').all()) {
		const row = select.get(id as number) as BatchRow;
		if (!isWhole(row)) putAside(shared, row);
	}
	transaction(() => restoreDeliveries(db));
}

export function putAside(shared: Shared, row: BatchRow): void {
	const { db, transaction, now, backlog, recent } = shared;
	const id = Number(row.id);
	transaction(() => {
		const told = db.prepare('SELECT destination FROM deliveries WHERE batch = ?').all(id);
		const destinations = told.map(({ destination }) => destination as string);
		const keep = db.prepare(
			`INSERT INTO damaged_batches (at, missing, ${BATCH_COLUMNS}) SELECT ?, ?, ${BATCH_COLUMNS} FROM batches WHERE id = ?`,
		);
		keep.run(now(), JSON.stringify(destinations), id);
		db.prepare('DELETE FROM deliveries WHERE batch = ?').run(id);
		db.prepare('DELETE FROM batches WHERE id = ?').run(id);
		const content = contentOf(row);
		// the name itself may be what is damaged
		const names = db
			.prepare('SELECT name FROM streams')
			.all()
			.map(({ name }) => name as string);
		const streams = names.includes(row.stream) ? [row.stream] : names;
		for (const name of streams) tell(shared, name, gapOf(id, readAgain(shared, name, content)), destinations);
		backlog.size = Number(db.prepare('SELECT coalesce(sum(size), 0) AS size FROM batches').get()?.['size']);
	});
	recent.delete(id);
	shared.batchAdded();
}

function contentOf(row: BatchRow): Content {
	const damaged = damagedParts('batches', row);
	if (!damaged.includes('list_sum')) {
		const list = JSON.parse(row.events) as [string, string, number][];
		return { kind: 'listed', events: list.map(([id, time]) => ({ id, time: BigInt(time) })) };
	}
	if (damaged.includes('text_sum')) return { kind: 'everything' };
	const { first, last } = row as unknown as { first: Nanos | null; last: Nanos | null };
	return first === null || last === null
		? { kind: 'listed', events: [] }
		: { kind: 'span', span: { from: first, to: last + 1n } };
}

/** Returns the span that is read again. */
function readAgain(shared: Shared, name: string, content: Content): Interval | undefined {
	const { db, rewound } = shared;
	const streams = streamRows(db);
	const found = streams.read(name);
	if (!found) return undefined;
	const row = damagedParts('streams', found).length > 0 ? mended(found, { ...found, oldest: null }) : found;
	if (row.start === null || row.watermark === null) return undefined;
	const past = pastOf(db, row);
	const span = spanOf(content, [...past, { from: row.start, to: LAST }]);
	if (!span) return undefined;
	if (content.kind === 'listed') forgetListed(shared, name, content.events);
	else forgetWithin(shared, name, span);

	const within = { from: span.from, to: earlier(span.to, row.start) };
	const asked = content.kind === 'everything' ? past : merged([within]);
	for (const { from, to } of asked) askAgain(db, name, { from, to });
	const back = later(span.from, row.start);
	streams.replace(name, {
		...row,
		covered: encode(intervalsForm, without(decode(intervalsForm, row.covered), within)),
		...(span.to > back && {
			watermark: earlier(back, row.watermark),
			settled: earlier(back, row.settled ?? back),
			walk: null,
		}),
	});
	rewound.add(name);
	return span;
}

/** What has been read below the start, or is being read. */
function pastOf(db: DatabaseSync, { name, covered }: StreamRow): Interval[] {
	const job = openJob({ db }, name).read() as Interval | undefined;
	return merged([...decode(intervalsForm, covered), ...(job ? [{ from: job.from, to: job.to }] : [])]);
}

function askAgain(db: DatabaseSync, name: string, { from, to }: Interval): void {
	db.prepare('INSERT INTO rereads (stream, "from", "to") VALUES (?, ?, ?)').run(name, from, to);
}

function spanOf(content: Content, read: readonly Interval[]): Interval | undefined {
	switch (content.kind) {
		case 'listed':
			return content.events.length === 0
				? undefined
				: around(content.events.map(({ time }) => ({ from: time, to: time + 1n })));
		case 'span':
			return content.span;
		case 'everything':
			return around(read);
	}
}

const around = (spans: readonly Interval[]): Interval => ({
	from: spans.map(({ from }) => from).reduce(earlier),
	to: spans.map(({ to }) => to).reduce(later),
});

const LAST = 2n ** 63n - 1n;
const earlier = (a: Nanos, b: Nanos): Nanos => (a < b ? a : b);
const later = (a: Nanos, b: Nanos): Nanos => (a > b ? a : b);

function gapOf(id: number, span: Interval | undefined): Gap {
	const what = `batch ${id} was damaged on disk and is set aside`;
	if (!span) return { reason: 'state_lost', detail: `${what}; it held no events, see audit-relay status` };
	return {
		reason: 'state_lost',
		from: span.from,
		to: span.to - 1n,
		detail: `${what}; its span is read again, events may repeat`,
	};
}
