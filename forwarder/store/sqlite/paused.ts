/** Sources that a person has paused. Not fenced by the lease: that is right whoever owns the state, who looks again every second. */
import type { DatabaseSync } from 'node:sqlite';
import type { Nanos } from '../../../core/contract';
import type { Who } from '../actions';
import { changeText, pausing, RESUMING, type PauseChanged, type PausedSource } from '../paused';
import { noteAction } from './actions';
import { immediate } from './transaction';

export function pausedSources(db: DatabaseSync): () => PausedSource[] {
	const all = db.prepare('SELECT source, since, by, note FROM paused_sources ORDER BY source');
	all.setReadBigInts(true);
	type Row = { source: string; since: Nanos; by: string; note: string | null };
	return () => (all.all() as unknown as Row[]).map(({ note, ...row }) => ({ ...row, ...(note !== null && { note }) }));
}

export function pauseSources(
	db: DatabaseSync,
	sources: readonly string[],
	note: string | undefined,
	who: Who,
): PauseChanged {
	const add = db.prepare(
		'INSERT INTO paused_sources (source, since, by, note) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
	);
	return immediate(db)(() => {
		const changed = sources.filter((source) => add.run(source, who.at, who.by, note ?? null).changes === 1);
		if (changed.length === 0) return { sources: [] };
		return { sources: changed, action: noteAction(db, who, changeText(pausing(note), changed)) };
	});
}

export function resumeSources(db: DatabaseSync, sources: readonly string[], who: Who): PauseChanged {
	const remove = db.prepare('DELETE FROM paused_sources WHERE source = ?');
	return immediate(db)(() => {
		const changed = sources.filter((source) => remove.run(source).changes === 1);
		if (changed.length === 0) return { sources: [] };
		return { sources: changed, action: noteAction(db, who, changeText(RESUMING, changed)) };
	});
}
