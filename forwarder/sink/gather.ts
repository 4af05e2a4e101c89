/** Small pages travel together: what one request costs is the same for one event and for hundreds. */
import type { Batch } from '../store/contract';
import type { RequestLimits } from './chunk';

/** What a mapped record adds to its text, about: a wrong guess makes a request smaller, or two of one. */
const RECORD_BYTES = 1000;

/**
 * The batches after `after` that fit one request: those that wait already, of one stream, because their share of what is
 * shipped is counted by stream. Never waits for more.
 */
export async function gather(
	pending: (after: number) => Promise<Batch | undefined>,
	after: number,
	limits: RequestLimits,
): Promise<Batch[]> {
	const batches: Batch[] = [];
	const total: RequestLimits = { records: 0, bytes: 0 };
	for (;;) {
		const next = await pending(batches.at(-1)?.id ?? after);
		if (!next) return batches;
		const [first = next] = batches;
		total.records += next.events.length + next.gaps.length;
		total.bytes += next.events.reduce((sum, { raw }) => sum + raw.length + RECORD_BYTES, 0);
		const fits = total.records <= limits.records && total.bytes <= limits.bytes;
		if (next !== first && (!fits || next.stream !== first.stream || next.retried !== first.retried)) return batches;
		batches.push(next);
	}
}
