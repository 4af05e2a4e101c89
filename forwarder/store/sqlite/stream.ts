/** Streams in the state file: what the walk asks of a store. */
import type { DatabaseSync } from 'node:sqlite';
import { decode, encode, keptForm, walkForm } from '../../../core/walk/codec';
import type { Change, Listed, StreamState, StreamStore } from '../../../core/walk/contract';
import { changed } from '../../../core/walk/state';
import type { EventKey, Nanos } from '../../../core/contract';
import { batchWriter } from './batches';
import { KEEP } from '../ledger';
import { ledgerWriter } from './ledger';
import type { LedgerIds } from './ledgerIds';
import { letterWriter } from './letters';
import { mendStream } from './mend';
import { anotherLog } from '../stateError';
import type { Added } from '../recent';
import { seenIn } from './seen';
import { room } from '../room';
import type { Shared } from './shared';
import type { StreamIdentity, StreamName } from '../contract';
import { pollWriter, streamRows, type StreamRow } from './streamRow';
import { prepared } from './prepared';

export function openStreams(shared: Shared, identities: readonly StreamIdentity[]): StreamStore[] {
	claim(shared, identities);
	return identities.map((identity) => openStream(shared, identity));
}

function openStream(shared: Shared, identity: StreamIdentity): StreamStore {
	const { db, transaction, backlog, rewound } = shared;
	const { name, keepLedger = KEEP } = identity;
	const ignored = prepared(db, "SELECT 1 FROM gaps WHERE stream = ? AND reason = 'filter_ignored'");
	const ids = shared.ledgerIds(name);
	const ledger = ledgerWriter(db);
	const remembered = prepared(db, 'SELECT ledger_from AS at FROM streams WHERE name = ?');
	remembered.setReadBigInts(true);

	return {
		load: async () => {
			mendStream(shared, identity);
			rewound.delete(name);
			const row = streamRows(db).read(name);
			if (!row || row.start === null || row.watermark === null) return undefined;
			const walk = row.walk === null ? undefined : decode(walkForm, row.walk);
			const kept = row.kept === null ? undefined : decode(keptForm, row.kept);
			const { start, watermark } = row;
			const filterIgnored = ignored.get(name) ? true : undefined;
			return { start, watermark, walk, kept, filterIgnored } satisfies StreamState;
		},
		seen: async (elements) => known(db, name, ids, elements),
		rememberedFrom: async () => (remembered.get(name)?.['at'] ?? undefined) as Nanos | undefined,
		settled: async (time, count) => seenIn(db).settled(name, time, count),
		commit: async (change) => {
			const added = transaction(() => {
				if (rewound.has(name)) throw new Rewound(`${name} is read again from further back: a stored batch was damaged`);
				if (change.start !== undefined) ledger.begin(name, ids);
				if (change.watermark !== undefined) ledger.forgetBelow(name, ids, change.watermark - keepLedger, shared.now());
				if (change.polled) pollWriter(db)(name, shared.now(), change.polled.error);
				return write(shared, identity, name, change);
			});
			if (added) shared.batchAdded(added);
		},
		room: (signal) => room(backlog, backlog.limit, signal),
	};
}

/**
 * The ids of those that were seen, or that the ledger holds: an id is the same event at whatever time it is listed with.
 * @param seenAs the name of the stream, or of its back-fill
 */
export function known(
	db: DatabaseSync,
	seenAs: string,
	ids: LedgerIds,
	elements: readonly Listed[],
): ReadonlySet<string> {
	const result = seenIn(db).known(seenAs, elements);
	const isEvent = (element: Listed): element is EventKey => element.time !== undefined && !result.has(element.id);
	for (const id of ids.among(elements.filter(isEvent))) result.add(id);
	return result;
}

/** A poll that had begun before has to begin again. */
export class Rewound extends Error {
	override name = 'Rewound';
}

/** All or none of them. */
function claim(shared: Shared, identities: readonly StreamIdentity[]): void {
	for (const identity of identities) mendStream(shared, identity);
	const changed = identities.filter((identity) => !isClaimed(shared, identity));
	if (changed.length > 0) shared.transaction(() => changed.forEach((identity) => take(shared.db, identity)));
}

function isClaimed({ db }: Shared, { name, fingerprint, settings }: StreamIdentity): boolean {
	const known = streamRows(db).read(name);
	if (known === undefined) return false;
	if (known.fingerprint === fingerprint) return settings === undefined || settings === known.settings;
	throw anotherLog(name);
}

/** A new stream, or the same log, declared in another way. */
function take(db: DatabaseSync, { name, fingerprint, settings }: StreamIdentity): void {
	const rows = streamRows(db);
	const { changes } = db
		.prepare('INSERT OR IGNORE INTO streams (name, fingerprint, settings) VALUES (?, ?, ?)')
		.run(name, fingerprint, settings ?? null);
	if (changes === 1) rows.replace(name, rows.read(name)!);
	else if (settings !== undefined) rows.change(name, { settings });
}

/**
 * Writes one change; to be called inside a transaction, `batchAdded` after it with the result.
 * @param seenAs the name of the stream, or of its back-fill
 */
export function write(
	{ db, now, ledgerIds }: Shared,
	{ name, destinations }: StreamName,
	seenAs: string,
	change: Change,
): Added | undefined {
	const { fresh = [], gaps = [], observed = now() } = change;
	const [batches, seen] = [batchWriter(db), seenIn(db)];
	const columns = columnsOf(change);
	if (Object.keys(columns).length > 0) streamRows(db).change(name, columns);
	ledgerWriter(db).add(name, ledgerIds(name), change);
	if (change.seen) seen.add(seenAs, change.seen);
	if (change.forgetBelow !== undefined) seen.forgetBelow(seenAs, change.forgetBelow);
	for (const { id, raw, reason } of change.invalid ?? []) {
		const letter = { stream: name, eventId: id, raw, observed, reason: 'invalid_event', detail: reason } as const;
		letterWriter(db)(letter, now());
	}
	for (const gap of gaps) batches.noteGap(name, gap, now());
	if (fresh.length === 0 && gaps.length === 0) return undefined;
	const batch = { stream: name, observed, events: [...fresh], gaps: [...gaps] };
	const { id, size } = batches.add({ ...batch, destinations });
	return { batch: { ...batch, id }, size };
}

/** Those that the change says something about. That the filter is ignored is read from the gap records. */
function columnsOf(change: Change): Partial<StreamRow> {
	const { walk, kept, filterIgnored: _, ...instants } = changed(change);
	return {
		...instants,
		...(change.walk !== undefined && { walk: walk ? encode(walkForm, walk) : null }),
		...(kept && { kept: encode(keptForm, kept) }),
	};
}
