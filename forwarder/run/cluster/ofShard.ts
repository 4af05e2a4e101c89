import type { RelayReport } from '../report';

/** What a relay says of a shard: that its lease has ended is said of the shard, once; the process goes on, and no source has failed. */
export function ofShard(report: RelayReport): RelayReport {
	return {
		...report,
		pollFailed: (source, failure, tookMs) => {
			if (failure.kind !== 'fatal') report.pollFailed?.(source, failure, tookMs);
		},
		backfill: (source, notice) => {
			if (notice.kind !== 'failed' || notice.failure.kind !== 'fatal') report.backfill?.(source, notice);
		},
		verify: (source, notice) => {
			if (notice.kind !== 'failed' || notice.failure.kind !== 'fatal') report.verify?.(source, notice);
		},
	};
}
