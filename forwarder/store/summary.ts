/** What `status`, the metrics and the status page show. */
import type { Gap } from '../../core/walk/contract';
import type { Interval } from '../../core/walk/intervals';
import type { Nanos } from '../../core/contract';
import type { Backfill } from './backfill';
import type { DestinationHealth } from './health';
import type { PausedSource } from './paused';
import type { Unseen } from './unseen';
import type { Verdict } from './verified';

export interface StreamSummary {
	name: string;
	watermark?: Nanos;
	lastSuccess?: Nanos;
	lastError?: string;
	lastErrorAt?: Nanos;
	/** Outcome of the last scheduled completeness check; absent when there was none. */
	lastVerdict?: Verdict;
	lastVerdictAt?: Nanos;
	/** When somebody has seen that it is broken. */
	verdictAcknowledged?: Nanos;
	/** Records, all destinations together. */
	shipped: number;
	/** Records that destinations have not acknowledged yet, all destinations together. */
	waiting: number;
	/** When the oldest of them was received. */
	waitingSince?: Nanos;
	/** Bytes of event text in them; that of dead letters on their way again does not count. */
	waitingBytes: number;
	deadLetters: number;
	/** Those of them that the receiver may have stored: it took a part and did not say which. */
	doubtful: number;
	/** Gap records since the stream began. */
	gaps: number;
	gapReasons: Partial<Record<Gap['reason'], number>>;
}

export interface DestinationSummary {
	name: string;
	/** As noted last; absent when nothing was tried yet. */
	state?: DestinationHealth['state'];
	since?: Nanos;
	/** The last thing that went wrong, also when it is over. */
	lastError?: string;
	lastErrorAt?: Nanos;
	shipped: number;
	/** Records not acknowledged yet. */
	waiting: number;
	/** When the oldest of them was received. */
	waitingSince?: Nanos;
	deadLetters: number;
	/** Those of them that the receiver may have stored. */
	doubtful: number;
}

/** What is known of the time before a stream's start. */
export interface PastSummary {
	stream: string;
	/** Events from here on are read by the live walk. */
	start?: Nanos;
	/** Read whole by back-fill. */
	covered: Interval[];
	/** The newest job, finished or not. */
	backfill?: Backfill;
}

export interface Summary {
	streams: StreamSummary[];
	destinations: DestinationSummary[];
	past: PastSummary[];
	unseen: Unseen[];
	/** By a person. */
	paused: PausedSource[];
}
