/** What commands change beside the owner of a shard. */
import { askForBackfill, cancelBackfill } from '../../../../forwarder/store/postgres/backfillAdmin';
import { askedText, cancelledText } from '../../../../forwarder/store/backfill';
import { Beside } from '../../../../forwarder/store/postgres/beside';
import { acknowledgeGaps, acknowledgeVerdicts, listGaps } from '../../../../forwarder/store/postgres/gapAdmin';
import {
	discardLetters,
	findLetter,
	findLetters,
	listLetters,
	retryLetters,
} from '../../../../forwarder/store/postgres/letterAdmin';
import { pauseSources, resumeSources } from '../../../../forwarder/store/postgres/paused';
import { sql } from '../../../../forwarder/store/postgres/sql';
import { dr, event, idsIn, lite, page, SCHEMA, type Database } from './support';

let db: Database;
let state: Beside;

beforeAll(async () => {
	db = await lite();
	state = new Beside(db, SCHEMA);
});
afterAll(() => db.close());
afterEach(() => db.clear());

const who = { by: 'ann', at: 77n };
const siem = () => ['siem'];

/** Three events, of which the destination refused two, one of them in doubt with a record of our own. */
async function refused() {
	const store = await db.open();
	const [stream] = await store.streams([dr]);
	await stream!.commit({ ...page(event('a', 1n), event('b', 2n), event('c', 3n)), start: 1n, watermark: 1n });
	const letter = { stream: 'dr', observed: 99n, detail: 'bad' };
	await store.outbox('siem').acknowledge(await store.outbox('siem').pending(0, 1), 1, [
		{ ...letter, eventId: 'a', raw: event('a', 1n).raw, time: 1n, reason: 'rejected' },
		{ ...letter, eventId: 'b', raw: event('b', 2n).raw, time: 2n, reason: 'doubtful' },
		{ ...letter, eventId: 'gap', raw: JSON.stringify({ reason: 'retention', detail: 'lost' }), reason: 'doubtful' },
	]);
	return { store, stream: stream! };
}

test('letters are listed by what belongs together, newest first, and found with their texts', async () => {
	await refused();
	const { total, records, letters } = await listLetters(state, {}, 1);
	expect({ total, records }).toEqual({ total: 2, records: 3 });
	expect(letters).toMatchObject([{ reason: 'doubtful', records: 2, eventId: 'b', time: 2n }]);
	const found = await findLetters(state, [letters[0]!.id]);
	expect(found.map(({ eventId }) => eventId)).toEqual(['b', 'gap']);
	expect(await findLetter(state, found[0]!.id)).toMatchObject({ raw: event('b', 2n).raw, destination: 'siem' });
	expect(await findLetter(state, 12345)).toBeUndefined();
});

test('letters that are retried travel again: the owner is refused once, and whoever takes the shard ships them', async () => {
	const { stream } = await refused();
	const retried = await retryLetters(state, {}, () => undefined, who);
	expect(retried).toMatchObject({ letters: 3, batches: 1, refused: [], action: { by: 'ann' } });
	await expect(stream.commit(page(event('d', 4n)))).rejects.toThrow(/another process/);
	const next = await db.open();
	const batches = await next.outbox('siem').pending(0, 10);
	const again = batches.find(({ retried: isRetried }) => isRetried)!;
	expect(idsIn([again])).toEqual(['a', 'b']);
	expect(again).toMatchObject({ observed: 99n, gaps: [{ reason: 'retention' }] });
	expect((await next.summary()).streams).toMatchObject([{ deadLetters: 0 }]);
	expect((await next.summary()).unseen).toEqual([]);
	expect(await retryLetters(state, [1], () => undefined, who)).toMatchObject({ letters: 0, refused: [{ id: 1 }] });
});

test('of two who retry the same letters only one does', async () => {
	await refused();
	const all = await Promise.all([1, 2].map(() => retryLetters(state, {}, () => undefined, who)));
	expect(all.map(({ letters }) => letters).sort()).toEqual([0, 3]);
	const next = await db.open();
	expect(idsIn(await next.outbox('siem').pending(0, 10)).sort()).toEqual(['a', 'b']);
});

test('a letter that must stay is named with its reason', async () => {
	await refused();
	const retried = await retryLetters(
		state,
		{},
		({ eventId }) => (eventId === 'a' ? 'no such destination' : undefined),
		who,
	);
	expect(retried).toMatchObject({ letters: 2, refused: [{ reason: 'no such destination' }] });
	expect(await findLetters(state, {})).toMatchObject([{ eventId: 'a' }]);
});

test('letters that are discarded are gone, and a gap record says so where they should have gone', async () => {
	await refused();
	expect(await discardLetters(state, { reason: 'rejected' }, who, siem)).toMatchObject({ letters: 1 });
	expect(await findLetters(state, {})).toHaveLength(2);
	const gaps = (await (await db.open()).outbox('siem').pending(0, 10)).flatMap((batch) => batch.gaps);
	expect(gaps.at(-1)).toMatchObject({
		reason: 'skipped',
		detail: '1 dead letter of destination siem (rejected): discarded by ann',
	});
	expect(await discardLetters(state, { stream: 'other' }, who, siem)).toEqual({ letters: 0 });
});

test('gaps and verdicts are acknowledged without disturbing the owner', async () => {
	const { store, stream } = await refused();
	await store.verdicts(dr).note({ verdict: 'broken', findings: [] }, [], ['here']);
	const { total, gaps } = await listGaps(state, {}, { limit: 10, all: false });
	expect(gaps).toMatchObject([{ reason: 'rejected', from: 1n, to: 2n }]);
	expect(total).toBe(1);
	const done = await acknowledgeGaps(state, [gaps[0]!.id, 999], who);
	expect(done).toMatchObject({ gaps: 1, unknown: [999], action: { what: 'gaps acknowledge: 1 gap of dr (rejected)' } });
	expect(await acknowledgeVerdicts(state, undefined, who)).toMatchObject({ streams: ['dr'] });
	expect(await acknowledgeVerdicts(state, 'dr', who)).toEqual({ streams: [] });
	expect(await listGaps(state, {}, { limit: 10, all: true })).toMatchObject({
		total: 1,
		gaps: [{ acknowledged: 77n, acknowledgedBy: 'ann' }],
	});
	await stream.commit(page(event('d', 4n)));
	expect((await store.summary()).unseen).toMatchObject([{ stream: 'dr', deadLetters: { count: 3 } }]);
	const unseen = (await store.summary()).unseen[0]!;
	expect([unseen.gaps, unseen.brokenAt]).toEqual([undefined, undefined]);
});

test('a back-fill is asked for once, done by the next owner, and cancelled', async () => {
	const { stream } = await refused();
	const asked = { stream: 'dr', asked: 'all', from: 0n, to: 1n };
	expect(await askForBackfill(state, asked, who)).toBe(true);
	expect(await askForBackfill(state, asked, who)).toBe(false);
	expect(await askForBackfill(state, { ...asked, stream: 'other' }, who)).toBe(false);
	const said = async () =>
		(await state.read<{ what: string }>(sql`SELECT what FROM @actions ORDER BY id`)).map(({ what }) => what);
	expect(await said()).toEqual([askedText(asked)]);
	await expect(stream.commit(page(event('d', 4n)))).rejects.toThrow(/another process/);
	const next = await db.open();
	expect(await next.backfills(dr).load()).toMatchObject({ from: 0n, to: 1n, done: 0n });
	expect(await cancelBackfill(state, 'dr', who)).toBe(true);
	expect(await cancelBackfill(state, 'dr', who)).toBe(false);
	expect((await said()).slice(1)).toEqual([cancelledText('dr')]);
	await expect(next.backfills(dr).commit({ ...page(event('old', 0n)), done: 1n })).rejects.toThrow(/another process/);
	expect(await (await db.open()).backfills(dr).load()).toBeUndefined();
});

test('what is not kept as an action is not done: both are one statement', async () => {
	await refused();
	await pauseSources(state, ['erp'], undefined, who);
	await state.read(sql`ALTER TABLE @actions ADD CONSTRAINT none CHECK (by <> 'nobody')`);
	const nobody = { by: 'nobody', at: 78n };
	const asked = { stream: 'dr', asked: 'all', from: 0n, to: 1n };
	try {
		await expect(askForBackfill(state, asked, nobody)).rejects.toThrow();
		expect(await askForBackfill(state, asked, who)).toBe(true);
		await expect(cancelBackfill(state, 'dr', nobody)).rejects.toThrow();
		expect(await cancelBackfill(state, 'dr', who)).toBe(true);
		await expect(pauseSources(state, ['dr'], undefined, nobody)).rejects.toThrow();
		await expect(resumeSources(state, ['erp'], nobody)).rejects.toThrow();
		await expect(acknowledgeGaps(state, {}, nobody)).rejects.toThrow();
		expect(await acknowledgeGaps(state, {}, who)).toMatchObject({ gaps: 1 });
		expect(await state.read(sql`SELECT source FROM @paused_sources`)).toEqual([{ source: 'erp' }]);
	} finally {
		await state.read(sql`ALTER TABLE @actions DROP CONSTRAINT none`);
	}
});
