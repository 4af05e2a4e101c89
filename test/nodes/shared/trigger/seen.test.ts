/** The ids that a trigger keeps: what is known stays known, in a stated size. */
import { compact, forget, isSeen, newestUpTo, type Seen } from '../../../../nodes/shared/trigger/seen';
import { decode, encode } from '../../../../nodes/shared/trigger/saved';

const MINUTE = 60_000_000_000n;
const START = 1_770_000_000_000_000_000n;

const seenOf = (events: number, step = MINUTE): Seen => ({
	ids: new Map(Array.from({ length: events }, (_, at) => [`event-${at}`, START + BigInt(at) * step])),
	old: new Map(),
});

const written = (seen: Seen) => {
	const stream = { start: START, watermark: START };
	return encode({ fingerprint: 'x', name: 'y', saves: 1, stream, seen, sweptAt: 0, floorToldAt: 0, polledAt: 0 });
};
const stored = (seen: Seen): Seen => decode(JSON.parse(JSON.stringify(written(seen))))!.seen;

it('knows every id again, from below the watermark and above, after it was stored', () => {
	const { seen, floor } = compact(seenOf(1000), START + 900n * MINUTE);
	expect(floor).toBeUndefined();
	const again = stored(seen);
	expect(again.ids.size).toBe(103);
	for (let at = 0; at < 1000; at++) expect(isSeen(again, `event-${at}`)).toBe(true);
	for (let at = 1000; at < 3000; at++) expect(isSeen(again, `event-${at}`)).toBe(false);
});

it('keeps the newest below the watermark as they are: AuditAPI is read upwards from one of them', () => {
	const watermark = START + 900n * MINUTE;
	const { seen } = compact(seenOf(1000), watermark);
	const newest = newestUpTo(stored(seen), watermark - 1n, 3);
	expect(newest.map(({ id }) => id)).toEqual(['event-899', 'event-898', 'event-897']);
});

it('forgets what no walk can return any more, and nothing newer', () => {
	const { seen } = compact(seenOf(1000), START + 1000n * MINUTE);
	const below = START + 500n * MINUTE;
	forget(seen, below);
	for (let at = 500; at < 1000; at++) expect(isSeen(seen, `event-${at}`)).toBe(true);
	for (let at = 0; at < 490; at++) expect(isSeen(seen, `event-${at}`)).toBe(false);
});

it('takes half a mebibyte at most, and says from where on it knows all', () => {
	const events = 50_000;
	const step = MINUTE / 10n;
	const watermark = START + BigInt(events) * step;
	const { seen, floor } = compact(seenOf(events, step), watermark);
	expect(floor).toBeDefined();
	expect(floor).toBeLessThan(watermark);
	expect(JSON.stringify(written(seen)).length).toBeLessThan(550_000);
	expect(seen.old.size).toBeGreaterThan(39_000);
	const first = Number((floor! - START + step - 1n) / step);
	for (let at = first; at < events; at++) if (!isSeen(seen, `event-${at}`)) throw new Error(`event-${at} is forgotten`);
});

it('never lets the floor rise above the watermark, however many events happen within minutes', () => {
	const events = 50_000;
	const watermark = START + MINUTE;
	const { floor } = compact(seenOf(events, 1000n), watermark);
	expect(floor).toBe(watermark);
});
