/**
 * What the running process tells and is told, as JSON: shared by the process, the console and the commands. Names that end in `At` or
 * `Until` are milliseconds since the epoch, those in `Ms` durations. No secrets, and no contents of events but where it is said.
 */
import type { Gap } from '../../../core/walk/contract';
import type { Counts, Finding, Verdict } from '../../store/verified';
import type { HealthProblem, Readiness } from '../readiness';
import type { TappedRecord } from '../../run/recordTap';
import type { Authority } from '../http/exchange';

export type { Authority, HealthProblem, Readiness };

/** What every path under /api answers when it cannot do what was asked, with a status of 400 or more. */
export interface ApiError {
	error: { what: string; fix?: string };
}

/** `GET /api/v1/overview` */
export interface Overview {
	process: ProcessInfo;
	totals: Totals;
	/** The worst first: those that follow the first hundred are only counted. */
	problems: HealthProblem[];
	destinations: DestinationRow[];
	/** Of all sources of this process together. */
	history: Spark;
	/** The last ten minutes of the same, while somebody follows this. */
	fine?: Spark;
}

export interface ProcessInfo {
	version: string;
	/** When what follows was so. */
	at: number;
	startedAt: number;
	state: Readiness;
	/** What whoever asks may do. */
	authority: Authority;
	/** Told to stop: it ships what is safe and ends. */
	isStopping: boolean;
	/** Polling waits for room: in the outbox, or on the disk. */
	isOutboxFull: boolean;
	isDiskLow: boolean;
	/** Of several that share a database. */
	worker?: WorkerInfo;
}

export interface WorkerInfo {
	id: string;
	/** Workers that share the work, this one included. */
	living: number;
	shards: number;
	/** Of them: held by this one. */
	held: number;
	/** Held by nobody alive. */
	unowned: number;
}

export interface Totals {
	/** New events that are stored, over the last minutes. */
	eventsPerSecond: number;
	/** Since this process started: new events stored, and records that destinations acknowledged. */
	events: number;
	shipped: number;
	/** Of the source that is furthest behind, of those that are not paused. Absent: none was read completely yet. */
	lagMs?: number;
	/** Its name. */
	furthest?: string;
	/** Records that wait for a destination, counted once for each. */
	waiting: number;
	deadLetters: number;
	problems: number;
	sources: number;
	/** Sources by state. */
	states: Record<SourceState, number>;
	destinations: number;
}

/** starting: no poll has ended yet · failing: tries again soon · refused: needs a person · paused: by a person. */
export type SourceState = 'ok' | 'starting' | 'failing' | 'refused' | 'paused';

export interface LastError {
	at: number;
	/** No secrets. */
	what: string;
	/** What to do. */
	fix?: string;
}

/** Points of one step each, the oldest first; the last one is the step that runs. `null`: not known. */
export interface Spark {
	/** When the last step began. */
	lastAt: number;
	stepMs: number;
	rate: (number | null)[];
	lagMs: (number | null)[];
}

export interface SourceRow {
	name: string;
	provider: string;
	state: SourceState;
	/** Since when it is in this state, as far as that is known. */
	sinceAt?: number;
	/** The worst of its problems in /readyz?source=NAME. */
	severity?: HealthProblem['severity'];
	/** How long ago everything was read that the provider showed. Absent before that was so for the first time. */
	lagMs?: number;
	/** Since this process started. */
	events: number;
	/** New events, over the last minutes. */
	eventsPerMinute: number;
	spark: Spark;
	lastSuccessAt?: number;
	/** Why the last poll failed. Absent when it succeeded. */
	lastError?: LastError;
	/** By a person. `losesFromAt`: from then on the provider drops events that were not read; absent when that is not known. */
	paused?: { sinceAt: number; by: string; note?: string; losesFromAt?: number };
	/** The provider asked for a pause until then. */
	pausedUntil?: number;
	nextPollAt?: number;
	/** Records, all destinations together. Absent while the state knows nothing of the source. */
	waiting?: number;
	shipped?: number;
	deadLetters?: number;
	/** Gap records that nobody has acknowledged. */
	gaps: number;
	verdict?: Verdict;
	/** Another process has it: its name. What only that one knows is missing here. */
	worker?: string;
}

/** `GET /api/v1/sources` */
export interface SourcePage {
	/** That fit `q` and `state`. */
	total: number;
	offset: number;
	rows: SourceRow[];
}

export const SOURCE_SORTS = [
	'problems',
	'name',
	'provider',
	'state',
	'lag',
	'rate',
	'waiting',
	'deadLetters',
	'gaps',
] as const;

export type SourceSort = (typeof SOURCE_SORTS)[number];

export interface SourceQuery {
	/** Default: problems. */
	sort?: SourceSort;
	/** Default: what needs a look comes first; of names and providers, by the alphabet. */
	order?: 'asc' | 'desc';
	/** A part of its name or its provider's. */
	q?: string;
	/** One or more, with commas; `problem`: those of which /readyz says something. */
	state?: SourceState | 'problem';
	/** Default: 0. */
	offset?: number;
	/** 1 to 500. Default: 100. */
	limit?: number;
}

export type DestinationState = 'ok' | 'failing' | 'degraded' | 'halted';

export interface DestinationRow {
	name: string;
	state: DestinationState;
	sinceAt: number;
	severity?: HealthProblem['severity'];
	/** Acknowledged, over the last minutes. */
	recordsPerMinute: number;
	/** `lagMs`: how long those records had waited that were acknowledged in a minute, at most. */
	spark: Spark;
	shipped: number;
	waiting: number;
	/** 0: nothing waits. */
	oldestWaitingMs: number;
	inFlight: number;
	consecutiveFailures: number;
	deadLetters: number;
	/** Also when it is over. */
	lastError?: LastError;
	/** While nothing is taken. */
	nextProbeAt?: number;
}

/** Points as in `Spark`, with all that is known: all lists are as long. */
export interface History extends Spark {
	/** Requests by what became of them. In a step at most 65,535 that went well are counted, and 255 of each other kind. */
	requests: {
		ok: (number | null)[];
		/** 429. */
		limited: (number | null)[];
		/** Other 4xx. */
		refused: (number | null)[];
		/** 5xx, or no answer. */
		failed: (number | null)[];
	};
	/** Of the step. */
	pausedMs: (number | null)[];
	/** Of a destination: records in requests, the most at one time. */
	inFlight?: (number | null)[];
}

/** `GET /api/v1/sources/NAME` */
export interface SourceDetail {
	row: SourceRow;
	problems: HealthProblem[];
	/** The last hour, in minutes. */
	history: History;
	/** The last ten minutes in finer steps, since somebody follows this. */
	fine?: History;
	/** Since this process started. */
	counts: Record<
		'read' | 'fresh' | 'late' | 'forgotten' | 'dropped' | 'invalid' | 'replaced' | 'rejected' | 'requests',
		number
	>;
	position: {
		startAt?: number;
		/** Absent before the first walk has ended. */
		watermarkAt?: number;
		/** The walk that runs. */
		walk?: {
			fromAt?: number;
			toAt?: number;
			/** Time of the event that it read last. */
			reachedAt?: number;
			/** How far down it is, where the provider lists the newest first. */
			doneAt?: number;
			beganAt?: number;
			pages: number;
		};
	};
	/** The past: what is complete, and the newest job. */
	past: { coveredAt: { from: number; to: number }[]; backfill?: BackfillInfo };
	/** The newest first, at most 100. */
	gaps: GapInfo[];
	deadLetters: { reason: string; destination?: string; count: number }[];
	/** Of the last scheduled check. `check`: what was compared, if that was since this process started. */
	verdict?: { verdict: Verdict; at: number; acknowledgedAt?: number; check?: CheckInfo };
	/** In force, as the configuration would say it; references are shown as references. */
	configuration: Record<string, unknown>;
}

export interface CheckInfo {
	/** Why it is unknown, or the first thing that is broken. */
	reason?: string;
	fromAt?: number;
	toAt?: number;
	counts?: Counts;
	findings: Pick<Finding, 'check' | 'verdict' | 'detail'>[];
}

export interface BackfillInfo {
	id: number;
	fromAt: number;
	toAt: number;
	/** How far it is: from `fromAt` to `toAt`. */
	doneAt: number;
	/** As it was asked for. */
	asked: string;
	pages: number;
	events: number;
	startedAt: number;
	endedAt?: number;
	isCancelled: boolean;
}

export interface GapInfo {
	id: number;
	reason: Gap['reason'];
	detail: string;
	fromAt?: number;
	toAt?: number;
	/** When it was noticed. */
	at: number;
	acknowledgedAt?: number;
	acknowledgedBy?: string;
}

/** `GET /api/v1/destinations/NAME` */
export interface DestinationDetail {
	row: DestinationRow;
	problems: HealthProblem[];
	history: History;
	/** As of a source. */
	fine?: History;
	/** Answers to requests since this process started, by status; `none`: no answer. */
	answers: Record<string, number>;
	/** When it took nothing since this process started: the last 20 times, the newest first. Without `until` it still does. */
	stops: readonly { kind: 'halted' | 'failing'; at: number; until?: number; message: string }[];
	deadLetters: { reason: string; count: number }[];
	configuration: Record<string, unknown>;
}

/** A record as it is stored: `GET /api/v1/records` (server-sent events) and `GET /api/v1/sources/NAME/recent`. Needs authority. */
export type RecordInfo = TappedRecord;

/** `GET /api/v1/sources/NAME/recent`: the last few that were stored since somebody may look at them, the newest first. */
export interface RecentRecords {
	records: RecordInfo[];
}

/** Beside records: how many were left out, because whoever reads is slower than they come. Server-sent event `lost`. */
export interface LostRecords {
	lost: number;
}

/** `GET /api/v1/dead-letters`: the newest first. Needs authority. */
export interface LetterPage {
	/** That fit the filters and `q`. */
	total: number;
	rows: LetterInfo[];
	/** The search was too long: of so many letters only the newest were looked at. */
	looked?: { at: number; of: number };
}

export interface LetterInfo {
	id: number;
	at: number;
	source: string;
	/** Absent for what never became an event. */
	destination?: string;
	reason: string;
	detail: string;
	eventId: string;
	/** As received. */
	text: string;
	/** The text goes on: an export has all of it. */
	isCut?: true;
}

/** What actions answer; 202: another process has yet to do it. */
export interface ActionDone {
	ok: true;
	/** For people. */
	message?: string;
	/** Of a back-fill. */
	id?: number;
	/** Dead letters that were sent again or discarded. */
	letters?: number;
	/** Those that stay. */
	refused?: { id: number; reason: string }[];
}
