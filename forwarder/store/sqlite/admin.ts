/** The state file for commands. */
import type { DatabaseSync } from 'node:sqlite';
import { noteAction } from './actions';
import type { FileState, OwnedState } from '../admin';
import { several } from '../actions';
import { askedText, cancelledText } from '../backfill';
import type { LetterFilter } from '../deadLetters';
import { chosen as chosenBy, type Chosen } from '../letterSearch';
import { askForBackfill, backfillById, cancelBackfill, newestBackfills, tooOldOf, waitingOf } from './backfills';
import { checkState } from './check';
import {
	countLetters,
	findLetter,
	findLetters,
	listLetters,
	readLetters,
	retryLetters,
	searchLetters,
} from './deadLetters';
import { exportState } from './exportState';
import { acknowledgeGaps, listGaps } from './gaps';
import { countRows, importState } from './importState';
import { inspect, ownerOf, positions } from './inspect';
import { openLedger } from './ledger';
import { pausedSources, pauseSources, resumeSources } from './paused';
import { isInUse } from './lock';
import { amendState, openState, readState } from './open';
import { adoptStream, giveUpDestination, resetStream } from './position';
import { discardLetters } from './removeLetters';
import { summarize } from './summary';
import { immediate } from './transaction';
import { acknowledgeVerdicts } from './verdicts';
import { wishText } from '../wishes';

/** Beside a running process. `read`: needs no right to write the file. Throws `StateError`. */
export function openAdmin(path: string, purpose: 'read' | 'amend'): FileState {
	return adminOf(purpose === 'read' ? readState(path) : amendState(path), path);
}

/** Instead of a running process: takes its lock, and leaves a damaged file alone. Creates the file. Throws `StateError`. */
export function ownState(path: string, nowMs: number): OwnedState {
	const state = openState(path, nowMs, { keepDamaged: true });
	return {
		...adminOf(state.db, path),
		migrated: state.migrated,
		reset: async (...given) => resetStream(state, ...given),
		adopt: async (...given) => adoptStream(state, ...given),
		giveUp: async (...given) => giveUpDestination(state, ...given),
		import: async (imported) => importState(state, imported),
		counts: async () => countRows(state.db),
		close: async () => state.close(),
	};
}

function adminOf(db: DatabaseSync, path: string): FileState {
	const chosen = (which: readonly number[] | LetterFilter) => chosenBy(which, (filter) => searchLetters(db, filter));
	return {
		summary: async () => summarize(db),
		owner: async () => ({ ...ownerOf(db), running: isInUse(path) }),
		inspect: async () => inspect(db),
		positions: async () => positions(db),
		ledger: (stream) => openLedger(db, stream),
		check: async () => checkState(db),
		export: async (...given) => exportState(db, ...given),
		listLetters: async (...given) => listLetters(db, ...given),
		readLetters: async (...given) => readLetters(db, ...given),
		countLetters: async (filter) => countLetters(db, filter),
		letter: async (id) => findLetter(db, id),
		findLetters: async (which) => findLetters(db, await chosen(which)),
		exportLetters: async (which, write, who) => {
			const letters = eachLetter(db, await chosen(which), write);
			if (letters === 0) return { letters };
			const what = `dead-letters export: ${several(letters, 'dead letter')}`;
			return { letters, action: immediate(db)(() => noteAction(db, who, what)) };
		},
		retryLetters: async (which, ...how) => retryLetters(db, await chosen(which), ...how),
		discardLetters: async (which, ...how) => discardLetters(db, await chosen(which), ...how),
		listGaps: async (...given) => listGaps(db, ...given),
		acknowledgeGaps: async (...given) => acknowledgeGaps(db, ...given),
		acknowledgeVerdicts: async (...given) => acknowledgeVerdicts(db, ...given),
		backfills: async () => newestBackfills(db),
		backfill: async (id) => {
			const job = backfillById(db, id);
			return job && { job, waiting: waitingOf(db, job), tooOld: tooOldOf(db, job) };
		},
		askForBackfill: async (asked, who) =>
			immediate(db)(() => {
				const isNew = askForBackfill(db, { ...asked, now: who.at });
				if (isNew) noteAction(db, who, askedText(asked));
				return isNew;
			}),
		cancelBackfill: async (stream, who) =>
			immediate(db)(() => {
				const isOver = cancelBackfill(db, stream, who.at);
				if (isOver) noteAction(db, who, cancelledText(stream));
				return isOver;
			}),
		pausedSources: async () => pausedSources(db)(),
		pauseSources: async (...given) => pauseSources(db, ...given),
		resumeSources: async (...given) => resumeSources(db, ...given),
		// who owns the file is told by whoever asks it
		wish: async (wish, who) => immediate(db)(() => noteAction(db, who, wishText(wish))),
		note: async (what, who) => immediate(db)(() => noteAction(db, who, what)),
		close: async () => db.close(),
	};
}

/** One moment of the state. */
function eachLetter(
	db: DatabaseSync,
	which: Chosen,
	visit: (letter: NonNullable<ReturnType<typeof findLetter>>) => void,
): number {
	db.exec('BEGIN');
	try {
		const heads = findLetters(db, which);
		for (const { id } of heads) visit(findLetter(db, id)!);
		return heads.length;
	} finally {
		db.exec('ROLLBACK');
	}
}
