/** The database for commands, from whatever machine, beside the workers that share it. */
import type { Clock } from '../../../core/contract';
import type { StateAdmin } from '../admin';
import type { LetterFilter } from '../deadLetters';
import { chosen as chosenBy } from '../letterSearch';
import { noteAction } from './actions';
import { askForBackfill, backfillProgress, backfills, cancelBackfill } from './backfillAdmin';
import { Beside } from './beside';
import { exportState } from './exportState';
import { acknowledgeGaps, acknowledgeVerdicts, listGaps } from './gapAdmin';
import { inspect, positionsOf, summaryOf, workersOf } from './inspect';
import { ledgerBeside } from './ledgerBeside';
import {
	countLetters,
	discardLetters,
	exportLetters,
	findLetter,
	findLetters,
	listLetters,
	readLetters,
	retryLetters,
	searchLetters,
} from './letterAdmin';
import { pausedNow, pauseSources, resumeSources } from './paused';
import type { Queries } from './queries';
import { wish } from './wishes';

export interface AdminOptions {
	schema: string;
	clock: Clock;
	/** Between the beats of a worker. */
	beatMs: number;
	close(): void;
}

export function adminOf(queries: Queries, { schema, clock, beatMs, close }: AdminOptions): StateAdmin {
	const state = new Beside(queries, schema);
	const chosen = (which: readonly number[] | LetterFilter) => chosenBy(which, (filter) => searchLetters(state, filter));
	return {
		summary: () => summaryOf(state),
		owner: () => workersOf(state, 2 * beatMs, (ms) => clock.sleep(ms)),
		inspect: () => inspect(state),
		positions: () => positionsOf(state),
		ledger: (stream) => ledgerBeside(state, queries, { schema, clock }, stream),
		export: (...given) => exportState(queries, schema, ...given),
		listLetters: (...given) => listLetters(state, ...given),
		readLetters: (...given) => readLetters(state, ...given),
		countLetters: (filter) => countLetters(state, filter),
		letter: (id) => findLetter(state, id),
		findLetters: async (which) => findLetters(state, await chosen(which)),
		exportLetters: async (which, ...how) => exportLetters(state, await chosen(which), ...how),
		retryLetters: async (which, ...how) => retryLetters(state, await chosen(which), ...how),
		discardLetters: async (which, ...how) => discardLetters(state, await chosen(which), ...how),
		listGaps: (...given) => listGaps(state, ...given),
		acknowledgeGaps: (...given) => acknowledgeGaps(state, ...given),
		acknowledgeVerdicts: (...given) => acknowledgeVerdicts(state, ...given),
		backfills: () => backfills(state),
		backfill: (id) => backfillProgress(state, id),
		askForBackfill: (...given) => askForBackfill(state, ...given),
		cancelBackfill: (...given) => cancelBackfill(state, ...given),
		pausedSources: () => pausedNow(state),
		pauseSources: (...given) => pauseSources(state, ...given),
		resumeSources: (...given) => resumeSources(state, ...given),
		wish: (...given) => wish(state, ...given),
		note: (what, who) => noteAction(state, who, what),
		close: async () => close(),
	};
}
