/** Results in the order of what was given. After a failure nothing more is begun, and what is under way is waited for. */
export async function inTurn<T, R>(
	given: readonly T[],
	atOnce: number,
	work: (one: T, index: number) => Promise<R>,
): Promise<R[]> {
	const results: R[] = [];
	const waiting = [...given.entries()].values();
	let isFailed = false;
	const worker = async () => {
		for (const [index, one] of waiting) {
			if (isFailed) return;
			try {
				results[index] = await work(one, index);
			} finally {
				isFailed ||= !(index in results);
			}
		}
	};
	const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
	const failed = ended.find((one) => one.status === 'rejected');
	return failed ? Promise.reject(failed.reason as Error) : results;
}
