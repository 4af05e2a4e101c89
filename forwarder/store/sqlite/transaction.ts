/** Write transactions: everything or nothing. */
import type { DatabaseSync } from 'node:sqlite';
import { StaleLeaseError } from '../contract';
import { emptyJournal } from './disk';
import { isDiskFull } from '../stateError';

export type Transaction = <T>(work: () => T) => T;

/** `check` runs inside the transaction and may refuse it by throwing. */
export function immediate(db: DatabaseSync, check: () => void = () => undefined): Transaction {
	const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) => db.prepare(sql));
	const attempt = <T>(work: () => T): T => {
		begin!.run();
		try {
			check();
			const result = work();
			commit!.run();
			return result;
		} catch (error) {
			if (db.isTransaction) rollback!.run();
			throw error;
		}
	};
	return (work) => {
		try {
			return attempt(work);
		} catch (error) {
			if (!isDiskFull(error)) throw error;
			// what is in the journal may fit into the file, and then the journal has room
			emptyJournal(db);
			return attempt(work);
		}
	};
}

const TAKEN_OVER = 'another process has taken the state file over; run one process for each state.path';

/** Nothing for a former owner. */
export function fenced(db: DatabaseSync, epoch: number): Transaction {
	const current = db.prepare('SELECT epoch FROM lease');
	return immediate(db, () => {
		if (Number(current.get()?.['epoch']) !== epoch) throw new StaleLeaseError(TAKEN_OVER);
	});
}
