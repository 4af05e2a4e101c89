/**
 * Where a walk upwards begins: at an event that is older than the watermark, so that nothing that is still to come is listed below it.
 * Once reading upwards was seen to skip events, the stream is read downwards only.
 */
import type { EventKey, Kept, SourceMemory } from '../../core/contract';
import { NotAdjacent } from './climb';

/** More than one, because an event can be deleted at the provider. */
const MOST = 3;

export const anchors: SourceMemory = {
	begin(kept, watermark) {
		const { list, neverClimb } = read(kept);
		// at the watermark itself events may still come, and sort below it
		const anchor = neverClimb ? undefined : list.find(({ time }) => time < watermark);
		return anchor && { before: anchor.id };
	},
	settle(kept, watermark, settled) {
		const { list, neverClimb } = read(kept);
		// the watermark may have gone back, when stored events were damaged
		const older = [...settled, ...list].filter(({ time }) => time < watermark);
		const byId = new Map(older.map((event) => [event.id, event]));
		const newest = [...byId.values()].sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
		return written(newest.slice(0, MOST), neverClimb);
	},
	refused(kept, begun, rejected) {
		const { list, neverClimb } = read(kept);
		const others = list.filter(({ id }) => id !== begun['before']);
		return written(others, neverClimb || rejected instanceof NotAdjacent);
	},
	// whatever is listed above the anchor comes, however old it is: events of the same instant may be
	lowest(kept) {
		const times = read(kept).list.map(({ time }) => time);
		return times.length === 0 ? undefined : times.reduce((a, b) => (b < a ? b : a));
	},
};

interface Anchors {
	/** Newest first. */
	list: EventKey[];
	neverClimb: boolean;
}

function written(list: readonly EventKey[], neverClimb: boolean): Kept {
	return { anchors: list.map(({ id, time }) => [id, String(time)]), ...(neverClimb && { neverClimb }) };
}

/** What people have changed in it counts as nothing: the stream is read downwards then, which loses nothing. */
function read({ anchors = [], neverClimb }: Kept = {}): Anchors {
	const all = Array.isArray(anchors) ? (anchors as unknown[]) : [];
	const list = all.flatMap((entry) => {
		const [id, time] = Array.isArray(entry) ? (entry as unknown[]) : [];
		const isKey = typeof id === 'string' && typeof time === 'string' && /^-?\d+$/.test(time);
		return isKey ? { id, time: BigInt(time) } : [];
	});
	return { list, neverClimb: neverClimb === true };
}
