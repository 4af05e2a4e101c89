/** Outcomes of scheduled completeness checks: kept for `status`, and shipped as records. */
import type { Gap } from '../../polling/contract';
import type { Nanos } from '../../providers/contract';
import type { Verdict } from '../verify/result';
import { batchWriter } from './batches';
import { openLedger, type Ledger } from './ledger';
import type { Shared, StreamIdentity } from './shared';

export interface Verdicts {
	readonly ledger: Ledger;
	/** When the last check ended. */
	lastAt(): Nanos | undefined;
	/**
	 * Keeps the verdict and ships its record, and a gap record for everything that was not said before. Atomic and durable.
	 * @param outcome the record
	 */
	note(verdict: Verdict, outcome: Gap, gaps: readonly Gap[]): void;
}

export function openVerdicts(shared: Shared, { name, destinations }: Omit<StreamIdentity, 'fingerprint'>): Verdicts {
	const { db, transaction, now } = shared;
	const last = db.prepare('SELECT last_verdict_at AS at FROM streams WHERE name = ?');
	last.setReadBigInts(true);
	const keep = db.prepare('UPDATE streams SET last_verdict = ?, last_verdict_at = ? WHERE name = ?');
	const said = db.prepare(
		'SELECT 1 FROM gaps WHERE stream = ? AND reason = ? AND "from" IS ? AND "to" IS ? AND detail = ?',
	);
	const batches = batchWriter(db);

	return {
		ledger: openLedger(db, name),
		lastAt: () => (last.get(name)?.['at'] as Nanos | null | undefined) ?? undefined,
		note(verdict, outcome, gaps) {
			transaction(() => {
				const observed = now();
				keep.run(verdict, observed, name);
				const isNew = ({ reason, from, to, detail }: Gap) =>
					said.get(name, reason, from ?? null, to ?? null, detail) === undefined;
				const unsaid = gaps.filter(isNew);
				for (const gap of unsaid) batches.noteGap(name, gap, observed);
				batches.add({ stream: name, destinations, observed, events: [], gaps: [outcome, ...unsaid] });
			});
			shared.batchAdded();
		},
	};
}
