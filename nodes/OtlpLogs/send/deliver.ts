/** Which records of a batch were taken: what a receiver refuses is halved, and what it takes in part is searched. */
import { Searches } from '../../../core/otlp/search';
import { RequestError } from '../../shared/core';
import type { Entry } from '../encode/model';
import { MaybeTaken, type Receiver } from './receiver';

/** Why a record was not taken; undefined when it was. */
export interface Rejection {
	reason: string;
	status?: number;
	/** False when the receiver may have it anyway: it took a part of the batch and does not say which, or its answer was lost. */
	certain: boolean;
}

type Results = (Rejection | undefined)[];

/** So many records refused one by one, and none taken: then it is not a single record that is bad. */
const ENOUGH = 4;

/** For all batches of one execution. The results are in the order of the entries. Throws `RequestError` when no record can get through. */
export function deliverer(receiver: Pick<Receiver, 'send'>): (entries: readonly Entry[]) => Promise<Results> {
	const searches = new Searches();

	return async (entries) => {
		let refusedAlone = 0;
		let taken = 0;

		async function part(batch: readonly Entry[]): Promise<Results> {
			try {
				const { rejected, message } = await receiver.send(batch);
				if (rejected < batch.length) taken += batch.length;
				if (rejected > 0) return await search(batch, rejected, message);
				searches.taken();
				return batch.map(() => undefined);
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

		async function search(batch: readonly Entry[], rejected: number, words: string): Promise<Results> {
			const search = searches.begin(batch, rejected, words);
			for (let some = search.next(); some; some = search.next()) {
				try {
					const answer = await receiver.send(some);
					search.answered(answer.rejected, answer.message);
				} catch (error) {
					if (!(error instanceof RequestError) || error.failure.kind === 'aborted') throw error as RequestError;
					search.giveUp(`a part that was sent again failed: ${error.message}`);
				}
			}
			searches.ended(search);
			const results = new Map<Entry, Rejection>();
			for (const { item, message } of search.refused) {
				const reason = `The record was refused${message ? `: ${message}` : ''}`;
				results.set(item, { reason, status: 200, certain: true });
			}
			for (const entry of search.doubtful) {
				const reason = `${search.doubt}. This one may have been taken or not.`;
				results.set(entry, { reason, status: 200, certain: false });
			}
			return batch.map((entry) => results.get(entry));
		}

		return part(entries);
	};
}

/** Only what a smaller or another batch could change. */
function refusalOf(error: unknown): Rejection | undefined {
	if (!(error instanceof RequestError) || error.failure.kind !== 'http') return undefined;
	const { status, message } = error.failure;
	if (status !== 400 && status !== 413 && status !== 422) return undefined;
	const what = status === 413 ? 'is too large' : 'was refused';
	return {
		reason: `The record ${what} (status ${status})${message ? `: ${message}` : ''}`,
		status,
		certain: !(error instanceof MaybeTaken),
	};
}
