/** When an outage of a destination is worth a line: at its beginning, more and more rarely while it lasts, and at its end. */
import type { Logger } from 'pino';
import type { HealthNotice } from '../delivery/health';

/** What the notices of a destination do not say themselves. */
export interface Whereabouts {
	/** Scheme, host and port. */
	address: string;
	/** Records that wait for it now. */
	waiting: () => Promise<number>;
}

const MINUTE = 60_000;
const REPEAT_AFTER = [1, 5, 15].map((minutes) => minutes * MINUTE);
const LONGEST = 60 * MINUTE;
/** Outages that follow each other sooner are one story: a receiver that comes and goes must not fill the log. */
const QUIET_MS = 10 * MINUTE;

interface Story {
	/** When the outage began that it tells of. */
	since: number;
	lines: number;
	nextAt: number;
	endedAt: number;
	/** A line says that it began, and none that it is over. */
	told: boolean;
}

export function outageLog(log: Logger) {
	const stories = new Map<string, Story>();
	const storyOf = (destination: string): Story => {
		const story = stories.get(destination) ?? { since: NaN, lines: 0, nextAt: 0, endedAt: -Infinity, told: false };
		stories.set(destination, story);
		return story;
	};
	return {
		health(destination: string, notice: HealthNotice, { address, waiting }: Whereabouts): void {
			const story = storyOf(destination);
			const { kind, since, at } = notice;
			if (kind === 'recovered') {
				story.endedAt = at;
				if (!story.told) return;
				story.told = false;
				const fields = { destination, address, outageSeconds: seconds(at - since) };
				const say = (waitingRecords?: number) =>
					log.info({ ...fields, waitingRecords }, 'destination accepts events again');
				return void waiting().then(say, () => say());
			}
			if (since !== story.since && since - story.endedAt >= QUIET_MS) [story.lines, story.nextAt] = [0, 0];
			story.since = since;
			// further ahead than any pause is long: the clock was set back
			if (at < story.nextAt && story.nextAt - at <= LONGEST) return;
			story.nextAt = at + (REPEAT_AFTER[story.lines++] ?? LONGEST);
			story.told = true;
			const fields = {
				destination,
				address,
				error: notice.message,
				...(at > since && { forSeconds: seconds(at - since) }),
			};
			log.warn(fields, 'destination accepts nothing; events wait in the state, nothing is lost');
		},
		/** Told in other words. */
		halted(destination: string): void {
			storyOf(destination).told = false;
		},
	};
}

const seconds = (ms: number) => Math.round(ms / 1000);
