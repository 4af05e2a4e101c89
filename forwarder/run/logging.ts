/** What the daemon writes into its log. Quiet while all is well: one line per poll that found something. */
import type { WalkProgress } from '../../core/walk/walk';
import { formatInstant } from '../../core/time';
import type { Logger } from 'pino';
import { byHand, BY_HAND } from '../store/actions';
import { outageLog } from './outageLog';
import { StaleLeaseError } from '../store/contract';
import type { AfterFailure } from './afterFailure';
import type { RelayReport } from './report';

const IN_DOUBT =
	'records are dead letters in doubt: the receiver took some and did not say which; a retry searches again';

/** One for each poll that found something. */
export const NEW_EVENTS = 'new events';

export function logging(log: Logger): RelayReport {
	const found = new Map<string, number>();
	const older = new Map<string, number>();
	const unfiltered = new Set<string>();
	const failing = new Set<string>();
	const outages = outageLog(log);

	function inTheWay(source: string, progress: Exclude<WalkProgress, { kind: 'page' }>): void {
		const { reason } = progress;
		if (progress.kind === 'tooLarge')
			return log.info({ source, reason, size: progress.size }, 'page too large; asking for less at once');
		switch (progress.why) {
			// tokens expire: that is normal
			case 'refused':
				return log.info({ source, reason }, 'position refused by the provider; reading the range again');
			case 'failing':
				return log.warn(
					{ source, reason },
					'requests fail with this position and succeed without it; it is dropped and the range is read again, nothing is lost',
				);
			case 'absurd':
				return log.warn({ source, reason }, 'position too long to be sent; reading the range without it');
		}
	}

	return {
		progress(source, progress) {
			if (progress.kind !== 'page') return inTheWay(source, progress);
			const { events, fresh, late, forgotten, dropped, invalid, replaced } = progress;
			log.debug({ source, events, fresh, late, forgotten, dropped, invalid }, 'page read');
			if (late > 0)
				log.info({ source, late }, 'events became visible later than the lateness; they are shipped anyway');
			if (forgotten > 0) older.set(source, (older.get(source) ?? 0) + forgotten);
			if (replaced > 0) log.warn({ source, replaced }, 'events with bytes that are not UTF-8; U+FFFD stands for them');
			if (invalid > 0) log.warn({ source, invalid }, 'elements that are not events became dead letters');
			found.set(source, (found.get(source) ?? 0) + fresh);
		},
		pollSucceeded(source) {
			const events = found.get(source) ?? 0;
			found.delete(source);
			if (failing.delete(source)) log.info({ source }, 'source reads again');
			if (events > 0) log.info({ source, events }, NEW_EVENTS);
			const forgotten = older.get(source);
			older.delete(source);
			if (forgotten === undefined) unfiltered.delete(source);
			else if (!unfiltered.has(source)) {
				unfiltered.add(source);
				const said =
					'the provider ignores its time filter: events older than what is remembered are listed, and not shipped again';
				log.warn({ source, events: forgotten }, said);
			}
		},
		pollFailed(source, failure) {
			failing.add(source);
			const fields = { source, ...failed(failure) };
			if (failure.kind === 'transient') log.warn(fields, 'poll failed; nothing is lost, the range is read again');
			else log.error(fields, 'poll refused');
		},
		startAhead(source, start, aheadMs) {
			const fields = { source, start: formatInstant(start, 0), aheadSeconds: Math.round(aheadMs / 1000) };
			log.warn(fields, 'the start is in the future by the clock of the provider; nothing is collected until then');
		},
		backfill(source, notice) {
			switch (notice.kind) {
				case 'page':
					if (notice.progress.kind !== 'page') return inTheWay(source, notice.progress);
					return log.debug(
						{ source, ...notice.progress, reached: undefined, serverTime: undefined },
						'page of the past read',
					);
				case 'partition':
					return log.debug({ source, upTo: formatInstant(notice.to, 0) }, 'part of the past is complete');
				case 'finished':
					return log.info({ source }, 'back-fill finished');
				case 'failed':
					return log.warn({ source, ...failed(notice.failure) }, 'back-fill interrupted; it resumes where it was');
			}
		},
		verify(source, notice) {
			if (notice.kind === 'failed')
				return log.warn({ source, ...failed(notice.failure) }, 'completeness could not be verified');
			const { verdict, reason, counts } = notice.result;
			const fields = { source, verdict, ...(reason && { reason }), ...counts };
			if (verdict === 'broken') log.error(fields, 'completeness is broken');
			else log.info(fields, 'completeness verified');
		},
		unusable: (source, error) =>
			log.error({ source, error }, 'source cannot be used; it is tried again, the others go on'),
		usable: (source) => log.info({ source }, 'source can be used now'),
		fileKept: (owner, message) => log.warn(owner, message),
		expired({ stream: source, destination, letters: deadLetters }) {
			const fields = { source, ...(destination !== undefined && { destination }), deadLetters };
			log.warn(fields, 'dead letters older than deadLetters.retention removed; a gap record says so');
		},
		upkeepFailed: (error) => log.warn({ error }, 'old dead letters could not be checked; this is tried again'),
		shardFailed(shard, error) {
			const message = error instanceof Error ? error.message : 'unknown error';
			if (error instanceof StaleLeaseError)
				log.warn({ shard, reason: message }, 'a shard is read anew before work on it goes on');
			else log.error({ shard, error: message }, 'a shard cannot be worked on; this is tried again');
		},
		byHand: (action) => log.info(byHand(action), BY_HAND),
		delivery(destination, notice, whereabouts) {
			switch (notice.kind) {
				case 'acknowledged': {
					const { stream: source, shipped, deadLettered, doubtful } = notice;
					log.debug({ destination, source, shipped, deadLettered, doubtful }, 'batch acknowledged');
					if (deadLettered > 0) log.warn({ destination, source, deadLettered }, 'records became dead letters');
					if (doubtful > 0) log.warn({ destination, source, doubtful }, IN_DOUBT);
					return;
				}
				case 'warning':
					return log.warn({ destination, warning: notice.message }, 'receiver warns');
				case 'failing':
				case 'recovered':
					return outages.health(destination, notice, whereabouts);
				case 'halted':
					outages.halted(destination);
					return log.error({ destination, error: notice.message }, 'destination halted; events wait in the outbox');
				case 'resumed':
					return log.info({ destination }, 'destination accepts events again');
			}
		},
	};
}

function failed({ message, fix, type, status, waitMs }: AfterFailure) {
	return {
		error: message,
		...(type !== undefined && { errorType: type }),
		...(status !== undefined && { status }),
		...(fix && { fix }),
		retryInSeconds: Math.round(waitMs / 1000),
	};
}
