/** What commands read and change in a state: beside the process that owns it, or instead of one. */
import type { Gap } from '../../core/walk/contract';
import type { Nanos } from '../../core/contract';
import type { Action, Who } from './actions';
import type { AskedPast, Backfill } from './backfill';
import type { Migrated } from './contract';
import type {
	DestinationsOf,
	Letter,
	LetterCount,
	LetterEntry,
	LetterFilter,
	LetterHead,
	LetterKind,
	LettersRead,
	LetterSlice,
	Retried,
} from './deadLetters';
import type { Exported, RowCounts } from './exportShape';
import type { Acknowledged, GapFilter, KeptGap } from './gaps';
import type { Inspection, Owner, StreamPosition } from './inspection';
import type { Ledger } from './ledger';
import type { PauseChanged, PausedSource } from './paused';
import type { Imported } from './readExport';
import type { Summary } from './summary';
import type { Wish } from './wishes';

/** Numbers in a list, or what they have in common. */
type Chosen<T> = readonly number[] | T;

/** Every change here is right whoever owns the state, and whatever that process knows of it. */
export interface StateAdmin {
	summary(): Promise<Summary>;
	owner(): Promise<Owner>;
	inspect(): Promise<Inspection>;
	positions(): Promise<StreamPosition[]>;
	ledger(stream: string): Ledger;
	/** One moment of the state, in small pieces. */
	export(exportedAt: string, write: (text: string) => void): Promise<Exported>;

	/** Newest first; `total` counts the entries beyond the limit too, `records` all their letters. */
	listLetters(filter: LetterKind, limit: number): Promise<{ total: number; records: number; letters: LetterEntry[] }>;
	/** Each on its own, newest first; `total` counts all that fit. */
	readLetters(filter: LetterFilter, slice: LetterSlice): Promise<LettersRead>;
	/** How many there are of each kind, the most first. */
	countLetters(filter: LetterKind): Promise<LetterCount[]>;
	letter(id: number): Promise<Letter | undefined>;
	/** Whoever names a letter that is in doubt means all that are in doubt with it. In the order in which they travel. */
	findLetters(which: Chosen<LetterFilter>): Promise<LetterHead[]>;
	/** Returns how many there were; what is said of it is kept, when there were any. */
	exportLetters(which: Chosen<LetterFilter>, write: (letter: Letter) => void, who: Who): Promise<Changed>;
	/** Puts records back into the outbox of their destination. `refuse`: why one must stay, by what the caller knows. */
	retryLetters(
		which: Chosen<LetterFilter>,
		refuse: (letter: LetterHead) => string | undefined,
		who: Who,
	): Promise<Retried>;
	/** Removes them for good; gap records say so. */
	discardLetters(which: Chosen<LetterFilter>, who: Who, destinationsOf: DestinationsOf): Promise<Changed>;

	/** Newest first; `total` counts those beyond the limit too. `all`: also what needs nobody any more. */
	listGaps(filter: GapFilter, show: { limit: number; all: boolean }): Promise<{ total: number; gaps: KeptGap[] }>;
	acknowledgeGaps(which: Chosen<GapFilter>, who: Who): Promise<Acknowledged>;
	/** What the last checks found broken, of one stream or of all. Returns their names. */
	acknowledgeVerdicts(stream: string | undefined, who: Who): Promise<{ streams: string[]; action?: Action }>;

	/** The newest of each stream. */
	backfills(): Promise<Backfill[]>;
	/** Undefined: the state was reset. */
	backfill(id: number): Promise<BackfillProgress | undefined>;
	/** Keeps who it was, too. False when the stream has an unfinished one already. */
	askForBackfill(asked: AskedPast, who: Who): Promise<boolean>;
	/** Keeps who it was, too. False: there was none to cancel. */
	cancelBackfill(stream: string, who: Who): Promise<boolean>;
	/** By a person, whoever reads them. */
	pausedSources(): Promise<PausedSource[]>;
	/** Nothing is asked of their providers until they are resumed, by whichever process. `note`: why. */
	pauseSources(sources: readonly string[], note: string | undefined, who: Who): Promise<PauseChanged>;
	resumeSources(sources: readonly string[], who: Who): Promise<PauseChanged>;
	/** Keeps that somebody has had something done at once; in a database all workers find it with their next beat. */
	wish(wish: Wish, who: Who): Promise<Action>;
	/** Keeps that somebody has done what is not in the state. */
	note(what: string, who: Who): Promise<Action>;
	close(): Promise<void>;
}

/** Of a file: whoever runs a database looks after its disk. */
export interface FileState extends StateAdmin {
	/** Looks at every row that has a checksum, and at how the tables hang together. */
	check(): Promise<Checked>;
}

export interface Changed {
	letters: number;
	action?: Action;
}

export interface BackfillProgress {
	job: Backfill;
	/** Batches of the stream, up to the last one of the job, that some destination has not acknowledged. */
	waiting: number;
	/** Dead letters of its range, because their destination accepts no events so old. */
	tooOld: { destination: string; count: number }[];
}

interface Told {
	/** Where the gap record goes. None for a stream that is no longer configured: nobody could map it. */
	destinations: readonly string[];
	now: Nanos;
}

/** A state that no other process may write meanwhile. */
export interface OwnedState extends StateAdmin {
	/** That it was of an older version, and where its copy is. */
	readonly migrated?: Migrated;
	/** Forgets where the stream is and what it has seen, and ends its back-fill. What waits and the dead letters stay. */
	reset(stream: string, gap: Gap, told: Told): Promise<void>;
	/** Goes on from the same watermark with other settings. `gap`: it is another log. */
	adopt(
		stream: { name: string; fingerprint: string; settings: string },
		gap: Gap | undefined,
		told: Told,
	): Promise<void>;
	/** Takes what waits for a destination out of the outbox. Returns how many events it does not get. */
	giveUp(destination: string, told: { now: Nanos; destinationsOf: DestinationsOf }): Promise<number>;
	/** Instead of what was there. Rejects with `ImportError` when the parts of the file contradict each other. */
	import(imported: Imported): Promise<void>;
	counts(): Promise<RowCounts>;
}

export interface Damage {
	table: string;
	/** Name or number of the row. Absent: it is not one row. */
	row?: string;
	/** The source whose it is, as far as that can be believed. */
	stream?: string;
	what: string;
}

export interface Checked {
	rows: Record<string, number>;
	damage: Damage[];
	/** Batches that were set aside earlier. */
	aside: number;
}
