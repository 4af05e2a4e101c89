/** Which records of a batch were taken: batches that a receiver refuses are halved until the bad record is alone. */
import { RequestError } from '../../shared/core';
import type { Entry } from '../encode/model';
import type { Receiver } from './receiver';

/** Why a record was not taken; undefined when it was. */
export interface Rejection {
	reason: string;
	status?: number;
	/** False when some records of the batch were taken, and nobody knows whether this is one of them. */
	certain: boolean;
}

/** So many records refused one by one, and none taken: then it is no single record that is bad. */
const ENOUGH = 4;

/** Same order as the entries. Throws `RequestError` when no record can get through. */
export async function deliver(
	receiver: Pick<Receiver, 'send'>,
	entries: readonly Entry[],
): Promise<(Rejection | undefined)[]> {
	let refusedAlone = 0;
	let taken = 0;

	async function part(batch: readonly Entry[]): Promise<(Rejection | undefined)[]> {
		try {
			const answer = await receiver.send(batch);
			taken += batch.length;
			return batch.map(() => (answer.kind === 'partial' ? unsure(answer, batch.length) : undefined));
		} catch (error) {
			const refusal = refusalOf(error);
			if (!refusal) throw error as RequestError;
			const hopeless = taken === 0 && refusedAlone >= ENOUGH;
			if (batch.length === 1 || hopeless) {
				refusedAlone += batch.length;
				return batch.map(() => refusal);
			}
			const middle = Math.ceil(batch.length / 2);
			const first = await part(batch.slice(0, middle));
			return [...first, ...(await part(batch.slice(middle)))];
		}
	}

	return part(entries);
}

function unsure({ rejected, message }: { rejected: number; message: string }, total: number): Rejection {
	const which = rejected >= total ? '' : ' The receiver does not say which, so these may have been taken or not.';
	const said = message ? ` It says: ${message}.` : '';
	return {
		reason: `${Math.min(rejected, total)} of ${total} records in the request were rejected.${said}${which}`,
		status: 200,
		certain: rejected >= total,
	};
}

/** Only what a smaller or another batch could change. */
function refusalOf(error: unknown): Rejection | undefined {
	if (!(error instanceof RequestError) || error.failure.kind !== 'http') return undefined;
	const { status, message } = error.failure;
	if (status !== 400 && status !== 413 && status !== 422) return undefined;
	const what = status === 413 ? 'is too large' : 'was refused';
	return { reason: `The record ${what} (status ${status})${message ? `: ${message}` : ''}`, status, certain: true };
}
