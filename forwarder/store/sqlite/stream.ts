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
import { openSeen, type Seen } from './seen';
import { room } from '../room';
import type { Shared } from './shared';
import type { StreamIdentity } from '../contract';
import { openStreamRow, pollWriter, type StreamRow } from './streamRow';
import { prepared } from './prepared';

export function openStreams(shared: Shared, identities: readonly StreamIdentity[]): StreamStore[] {
	claim(shared, identities);
	return identities.map((identity) => openStream(shared, identity));
}

function openStream(shared: Shared, identity: StreamIdentity): StreamStore {
	const { db, transaction, backlog, rewound } = shared;
	const { name, destinations, keepLedger = KEEP } = identity;
	const stream = openStreamRow(db, name);
	const ignored = prepared(db, "SELECT 1 FROM gaps WHERE stream = ? AND reason = 'filter_ignored'");
	const seen = openSeen(db, name);
	const write = writer(shared, name, destinations, seen);
	const ids = shared.ledgerIds(name);
	const ledger = ledgerWriter(db, name, ids);
	const notePoll = pollWriter(db);
	const remembered = prepared(db, 'SELECT ledger_from AS at FROM streams WHERE name = ?');
	remembered.setReadBigInts(true);

	return {
		load: async () => {
			mendStream(shared, identity);
			rewound.delete(name);
			const row = stream.read();
			if (!row || row.start === null || row.watermark === null) return undefined;
			const walk = row.walk === null ? undefined : decode(walkForm, row.walk);
			const kept = row.kept === null ? undefined : decode(keptForm, row.kept);
			const { start, watermark } = row;
			const filterIgnored = ignored.get(name) ? true : undefined;
			return { start, watermark, walk, kept, filterIgnored } satisfies StreamState;
		},
		seen: async (elements) => known(elements, seen, ids),
		rememberedFrom: async () => (remembered.get(name)?.['at'] ?? undefined) as Nanos | undefined,
		settled: async (time, count) => seen.settled(time, count),
		commit: async (change) => {
			const added = transaction(() => {
				if (rewound.has(name)) throw new Rewound(`${name} is read again from further back: a stored batch was damaged`);
				if (change.start !== undefined) ledger.begin();
				if (change.watermark !== undefined) ledger.forgetBelow(change.watermark - keepLedger, shared.now());
				if (change.polled) notePoll(name, shared.now(), change.polled.error);
				return write(change);
			});
			if (added) shared.batchAdded(added);
		},
		room: (signal) => room(backlog, backlog.limit, signal),
	};
}

/** The ids of those that were seen, or that the ledger holds: an id is the same event at whatever time it is listed with. */
export function known(elements: readonly Listed[], seen: Seen, ids: LedgerIds): ReadonlySet<string> {
	const result = seen.known(elements);
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
	const known = openStreamRow(db, name).read();
	if (known === undefined) return false;
	if (known.fingerprint === fingerprint) return settings === undefined || settings === known.settings;
	throw anotherLog(name);
}

/** A new stream, or the same log, declared in another way. */
function take(db: DatabaseSync, { name, fingerprint, settings }: StreamIdentity): void {
	const row = openStreamRow(db, name);
	const { changes } = db
		.prepare('INSERT OR IGNORE INTO streams (name, fingerprint, settings) VALUES (?, ?, ?)')
		.run(name, fingerprint, settings ?? null);
	if (changes === 1) row.replace(row.read()!);
	else if (settings !== undefined) row.change({ settings });
}

/** Writes one change; to be called inside a transaction, `batchAdded` after it with the result. */
export function writer({ db, now, ledgerIds }: Shared, name: string, destinations: readonly string[], seen: Seen) {
	const stream = openStreamRow(db, name);
	const batches = batchWriter(db);
	const ledger = ledgerWriter(db, name, ledgerIds(name));
	const addDeadLetter = letterWriter(db);

	return (change: Change): Added | undefined => {
		const { fresh = [], gaps = [], observed = now() } = change;
		const columns = columnsOf(change);
		if (Object.keys(columns).length > 0) stream.change(columns);
		ledger.add(change);
		if (change.seen) seen.add(change.seen);
		if (change.forgetBelow !== undefined) seen.forgetBelow(change.forgetBelow);
		for (const { id, raw, reason } of change.invalid ?? [])
			addDeadLetter({ stream: name, eventId: id, raw, observed, reason: 'invalid_event', detail: reason }, now());
		for (const gap of gaps) batches.noteGap(name, gap, now());
		if (fresh.length === 0 && gaps.length === 0) return undefined;
		const batch = { stream: name, observed, events: [...fresh], gaps: [...gaps] };
		const { id, size } = batches.add({ ...batch, destinations });
		return { batch: { ...batch, id }, size };
	};
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
