/** Write transactions: everything or nothing. */
import type { DatabaseSync } from 'node:sqlite';
import { StaleLeaseError } from './contract';

export type Transaction = <T>(work: () => T) => T;

/** `check` runs inside the transaction and may refuse it by throwing. */
export function immediate(db: DatabaseSync, check: () => void = () => undefined): Transaction {
	const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) => db.prepare(sql));
	return (work) => {
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
}

/** Nothing for a former owner. */
export function fenced(db: DatabaseSync, epoch: number): Transaction {
	const current = db.prepare('SELECT epoch FROM lease');
	return immediate(db, () => {
		if (Number(current.get()?.['epoch']) !== epoch) throw new StaleLeaseError();
	});
}
