/** Small pages travel together: what one request costs is the same for one event and for hundreds. */
import { recordsIn, type Batch } from '../store/contract';
import type { RequestLimits } from '../export/chunk';

/** What a mapped record adds to its text, about: a wrong guess makes a request smaller, or two of one. */
const RECORD_BYTES = 1000;

export interface Gathered {
	/** Empty when nothing waits. */
	batches: Batch[];
	/** Whether one more like the last would have to travel in another request. */
	full: boolean;
}

/**
 * The batches after `after` that fit one request: those that wait already, of one stream, because their share of what is
 * shipped is counted by stream. `before`: what the last call has found and nobody has sent since.
 */
export async function gather(
	pending: (after: number) => Promise<Batch | undefined>,
	after: number,
	limits: RequestLimits,
	before: readonly Batch[] = [],
): Promise<Gathered> {
	const batches = [...before];
	const sizes = batches.map(sizeOf);
	const total = { records: sum(sizes, 'records'), bytes: sum(sizes, 'bytes') };
	let last = sizes.at(-1) ?? total;
	for (;;) {
		const full = total.records + last.records > limits.records || total.bytes + last.bytes > limits.bytes;
		const next = await pending(batches.at(-1)?.id ?? after);
		if (!next) return { batches, full };
		const [first = next] = batches;
		last = sizeOf(next);
		total.records += last.records;
		total.bytes += last.bytes;
		const fits = total.records <= limits.records && total.bytes <= limits.bytes;
		const isOther = next.stream !== first.stream || next.retried !== first.retried;
		if (next !== first && (!fits || isOther)) return { batches, full: true };
		batches.push(next);
	}
}

const sum = (sizes: readonly RequestLimits[], of: keyof RequestLimits) =>
	sizes.reduce((all, size) => all + size[of], 0);

function sizeOf(batch: Batch): RequestLimits {
	return {
		records: recordsIn(batch),
		bytes: batch.events.reduce((bytes, { raw }) => bytes + raw.length + RECORD_BYTES, 0),
	};
}
