/** What a worker says of its leases. */
import type { Logger } from 'pino';
import type { LeaseReport } from './leases';

export function leaseLog(log: Logger): LeaseReport {
	/** In a row. It is asked several times a second, and one line says it. */
	let failures = 0;
	return {
		taken(leases, from) {
			const shards = leases.map(({ shard }) => shard);
			if (from === 'dead') log.warn({ shards }, 'shards taken over from a worker that gives no sign of life');
			else
				log.info(
					{ shards },
					from === 'again' ? 'shards taken again, with nothing in memory of before' : 'shards taken',
				);
		},
		failed(error) {
			if (failures++ > 0) return;
			const message = error instanceof Error ? error.message : String(error);
			log.warn({ error: message }, 'the database did not do what was asked; it is asked again, nothing is lost');
		},
		looked() {
			if (failures > 0) log.info({ failures }, 'the database does what is asked again');
			failures = 0;
		},
		lost: (shards) => log.warn({ shards }, 'shards lost: another worker has them, or the database has changed'),
		poisoned(shards) {
			log.error({ shards }, 'shards are left alone for a while: the last workers that held them all ended with them');
		},
	};
}
