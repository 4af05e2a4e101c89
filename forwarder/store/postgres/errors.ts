/** What went wrong between us and the database, parted by the one question that matters: may the statement have taken effect? */

/** It was never sent. */
export class Unreachable extends Error {
	override name = 'Unreachable';
	readonly tookEffect = 'no';
}

/** The server refused it, and is ready for the next: whatever it had begun is undone. */
export class Refused extends Error {
	override name = 'Refused';
	readonly tookEffect = 'no';

	constructor(
		message: string,
		/** SQLSTATE. */
		readonly code: string,
	) {
		super(message);
	}
}

/** It was sent, and the answer did not come: it may have taken effect, or may still do so later. */
export class OutcomeUnknown extends Error {
	override name = 'OutcomeUnknown';
	readonly tookEffect = 'unknown';
}

export type DatabaseError = Unreachable | Refused | OutcomeUnknown;

export function isDatabaseError(error: unknown): error is DatabaseError {
	return error instanceof Unreachable || error instanceof Refused || error instanceof OutcomeUnknown;
}

/** A conflict with another transaction that ran at the same time: the same statement may pass the next time. */
export const isConflict = (error: unknown): boolean =>
	error instanceof Refused && (error.code === '40001' || error.code === '40P01');
