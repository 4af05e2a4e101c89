import type { DatabaseSync } from 'node:sqlite';
import { askForBackfill, backfillIds } from '../../../../forwarder/store/sqlite/backfills';
import { inspect } from '../../../../forwarder/store/sqlite/inspect';
import { isInUse } from '../../../../forwarder/store/sqlite/lock';
import { amendState, openState, readState } from '../../../../forwarder/store/sqlite/open';
import { StateError } from '../../../../forwarder/store/stateError';
import { adoptStream, resetStream } from '../../../../forwarder/store/sqlite/position';
import { encode, walkForm } from '../../../../core/walk/codec';
import type { Gap } from '../../../../core/walk/contract';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { writeFileSync } from 'node:fs';
import { event } from '../conformance';
import { streamOf } from '../../../support/streamOf';

const NOW = 1_770_796_934_217;
const dr = { name: 'dr', fingerprint: 'f1', settings: '{"a":1}', destinations: ['siem'] };
const gap: Gap = { reason: 'skipped', from: 5n, detail: 'reset by operator' };

let file: StateFile;
beforeEach(() => (file = stateFile(() => NOW)));
afterEach(() => file.remove());

async function filled(): Promise<void> {
	const store = file.open();
	const stream = streamOf(store, dr);
	await stream.commit({ start: 1n, watermark: 5n, seen: [{ id: 'a', time: 4n }], fresh: [event('a', 4n)] });
	await stream.commit({
		walk: { windows: [{ lower: 5n }], position: { token: 'x' }, pages: 1, rejections: 0 },
		kept: { anchors: [['a', '4']], neverClimb: true },
	});
	await streamOf(store, { ...dr, name: 'erp' }).commit({ start: 1n, watermark: 1n, seen: [{ id: 'a', time: 4n }] });
	file.close();
	const db = amendState(file.path);
	askForBackfill(db, { stream: 'dr', asked: '2020', from: 0n, to: 3n, now: 1n });
	db.prepare('INSERT INTO seen (stream, id, time) VALUES (?, ?, ?)').run(backfillIds('dr'), 'old', 2);
	db.exec(`INSERT INTO rereads (stream, "from", "to") VALUES ('dr', 0, 3)`);
	db.prepare('UPDATE backfills SET walk = ?').run(
		encode(walkForm, { windows: [{ lower: 1n }], pages: 1, rejections: 0 }),
	);
	db.close();
}

function owning<T>(work: (state: ReturnType<typeof openState>) => T): T {
	const state = openState(file.path, NOW);
	try {
		return work(state);
	} finally {
		state.close();
	}
}

const told = { destinations: ['siem'], now: 9n };
const count = (db: DatabaseSync, sql: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.['n']);

test('reset forgets position, known ids and the back-fill of one stream, and keeps what waits', async () => {
	await filled();
	owning((state) => {
		resetStream(state, 'dr', gap, told);
		expect(inspect(state.db).streams.map(({ name, seen }) => [name, seen])).toEqual([['erp', 1]]);
		expect(count(state.db, "seen WHERE stream LIKE 'dr%'")).toBe(0);
		expect(count(state.db, 'ledger')).toBe(1);
		expect(count(state.db, 'backfills WHERE ended IS NULL')).toBe(0);
		expect(count(state.db, 'rereads')).toBe(0);
	});
	const store = file.open();
	const waiting = await store.outbox('siem').pending(0, 9);
	expect(waiting.map(({ events, gaps }) => [events.length, gaps])).toEqual([
		[1, []],
		[0, [gap]],
	]);
	expect(await streamOf(store, { ...dr, fingerprint: 'f2' }).load()).toBeUndefined();
	expect((await store.summary()).streams.find(({ name }) => name === 'dr')).toMatchObject({ gaps: 1 });
});

test('the gap of a stream that is not configured is noted, and no batch is made that nobody could map', async () => {
	await filled();
	owning((state) => {
		resetStream(state, 'dr', gap, { ...told, destinations: [] });
		expect([count(state.db, 'batches'), count(state.db, 'gaps')]).toEqual([1, 1]);
	});
});

test('adopt keeps watermark and known ids, and drops cursors of the former settings', async () => {
	await filled();
	owning((state) => {
		adoptStream(state, { name: 'dr', fingerprint: 'f2', settings: '{"a":2}' }, undefined, told);
		expect(inspect(state.db).streams[0]).toEqual({
			name: 'dr',
			fingerprint: 'f2',
			settings: '{"a":2}',
			start: 1n,
			watermark: 5n,
			covered: [],
			seen: 1,
		});
		expect(count(state.db, 'backfills WHERE walk IS NULL AND ended IS NULL')).toBe(1);
	});
	expect(await streamOf(file.open(), { ...dr, fingerprint: 'f2' }).load()).toMatchObject({ watermark: 5n });
});

test('a former owner changes nothing', async () => {
	await filled();
	owning((state) => {
		const late = { ...state, epoch: state.epoch - 1 };
		expect(() => resetStream(late, 'dr', gap, told)).toThrow('another process has taken the state file over');
		expect(inspect(state.db).streams).toHaveLength(2);
	});
});

test('whether the state is in use shows in its lock, and looking does not disturb', () => {
	expect(isInUse(file.path)).toBe(false);
	file.open();
	expect(isInUse(file.path)).toBe(true);
	file.close();
	expect(isInUse(file.path)).toBe(false);
	file.open();
});

test('a damaged file is not set aside by a command that cannot record it; its message says what to do', async () => {
	await filled();
	const damaged = Buffer.alloc(8192, 0xab);
	damaged.write('SQLite format 3\0', 'latin1');
	writeFileSync(file.path, damaged);
	expect(() => openState(file.path, NOW, { keepDamaged: true })).toThrow(/is damaged; .*sets it aside/);
	for (const open of [readState, amendState]) expect(() => open(file.path)).toThrow(StateError);
});
