/** What waits for a person, and how it stops waiting. */
import type { DatabaseSync } from 'node:sqlite';
import { followActions } from '../../../../forwarder/store/sqlite/actions';
import { acknowledgeGaps, listGaps } from '../../../../forwarder/store/sqlite/gaps';
import { amendState } from '../../../../forwarder/store/sqlite/open';
import type { Store } from '../../../../forwarder/store/contract';
import { acknowledgeVerdicts } from '../../../../forwarder/store/sqlite/verdicts';
import type { Verified } from '../../../../forwarder/store/verified';
import type { Gap } from '../../../../core/walk/contract';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { event } from '../conformance';
import { streamOf } from '../../../support/streamOf';

let file: StateFile;
let store: Store;
let db: DatabaseSync;
let clock = 1_770_796_934_217;

beforeEach(() => {
	file = stateFile(() => clock++);
	store = file.open();
	db = amendState(file.path);
});
afterEach(() => {
	db.close();
	file.remove();
});

const gap = (reason: Gap['reason'], from: bigint): Gap => ({ reason, from, detail: `about ${reason}` });
const noted = (name: string, ...gaps: Gap[]) =>
	streamOf(store, { name, fingerprint: 'f', destinations: ['siem'] }).commit({ gaps });
const ada = { by: 'ada', at: 99n };
const open = () => listGaps(db, {}, { limit: 9, all: false });
const unseen = async () => (await store.summary()).unseen;

test('a gap waits until somebody acknowledges it; where a source begins is not news', async () => {
	await noted('dr', gap('collection_start', 1n), gap('retention', 2n), gap('skipped', 3n));
	await noted('erp', gap('retention', 4n));
	expect(open()).toMatchObject({ total: 3, gaps: [{ stream: 'erp' }, { reason: 'skipped' }, { reason: 'retention' }] });
	expect(await unseen()).toMatchObject([
		{ stream: 'dr', gaps: { count: 2, reasons: { retention: 1, skipped: 1 } } },
		{ stream: 'erp', gaps: { count: 1 } },
	]);
	const { id } = open().gaps[1]!;
	expect(acknowledgeGaps(db, [id, 4711], ada)).toMatchObject({ gaps: 1, unknown: [4711] });
	expect(acknowledgeGaps(db, { stream: 'erp' }, ada)).toMatchObject({ gaps: 1, unknown: [] });
	expect(open()).toMatchObject({ total: 1, gaps: [{ reason: 'retention', stream: 'dr' }] });
	expect(await unseen()).toMatchObject([{ stream: 'dr', gaps: { count: 1, reasons: { retention: 1 } } }]);
	const all = listGaps(db, { stream: 'dr' }, { limit: 9, all: true });
	expect(all).toMatchObject({ total: 3, gaps: [{ acknowledged: 99n, acknowledgedBy: 'ada' }, {}, {}] });
});

test('who has seen to something, when and to what, is told once to whoever follows; nothing changed is nothing told', async () => {
	await noted('dr', gap('retention', 2n));
	const next = followActions(db);
	acknowledgeGaps(db, [4711], ada);
	acknowledgeGaps(db, {}, ada);
	acknowledgeGaps(db, {}, ada);
	const what = 'gaps acknowledge: 1 gap of dr (retention)';
	expect(await store.newActions()).toEqual([{ by: 'ada', at: 99n, what }]);
	expect(next()).toEqual([{ by: 'ada', at: 99n, what }]);
	expect([...(await store.newActions()), ...next()]).toEqual([]);
	file.close();
	// what was done before it started is not its to tell
	expect(await file.open().newActions()).toEqual([]);
});

test('the oldest of a pile says since when, dead letters of a source that the state does not know included', async () => {
	const before = BigInt(clock) * 1_000_000n;
	const stream = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	await stream.commit({ invalid: [{ id: 'x', raw: '{', reason: 'cut' }], fresh: [event('a', 1n)] });
	await stream.commit({ invalid: [{ id: 'y', raw: '{', reason: 'cut' }] });
	db.exec("DELETE FROM streams WHERE name = 'dr'");
	const [dr] = await unseen();
	expect(dr).toMatchObject({ stream: 'dr', deadLetters: { count: 2, reasons: { invalid_event: 2 } } });
	expect(dr!.deadLetters!.since - before).toBeLessThan(100n * 1_000_000n);
});

describe('a broken verdict', () => {
	const outcome: Verified = { verdict: 'broken', findings: [] };
	const broken = (...places: string[]) =>
		store.verdicts({ name: 'dr', destinations: ['siem'] }).note(outcome, [gap('skipped', 5n)], places);
	const openVerdict = async () => (await unseen()).some(({ brokenAt }) => brokenAt !== undefined);

	beforeEach(() => noted('dr'));

	test('waits until it is acknowledged, and waits again only when there is something new', async () => {
		await broken('re-walk a');
		expect(await openVerdict()).toBe(true);
		expect(acknowledgeVerdicts(db, 'erp', ada)).toEqual({ streams: [] });
		expect(acknowledgeVerdicts(db, undefined, ada)).toMatchObject({
			streams: ['dr'],
			action: { by: 'ada', what: 'verify --acknowledge: broken verdict of dr' },
		});
		expect(await openVerdict()).toBe(false);
		await broken('re-walk a');
		expect(await openVerdict()).toBe(false);
		await broken('re-walk a', 're-walk b');
		expect(await openVerdict()).toBe(true);
	});

	test('is over with the next check that finds nothing broken', async () => {
		await broken('re-walk a');
		await store.verdicts({ name: 'dr', destinations: ['siem'] }).note({ ...outcome, verdict: 'proven' }, [], []);
		expect(await openVerdict()).toBe(false);
		await broken('re-walk a');
		expect(await openVerdict()).toBe(true);
	});
});

test('each poll looks for gaps of its own stream, however many others have', () => {
	const looked = db
		.prepare("EXPLAIN QUERY PLAN SELECT 1 FROM gaps WHERE stream = ? AND reason = 'filter_ignored'")
		.get('dr');
	expect(looked?.['detail']).toMatch('SEARCH gaps USING COVERING INDEX');
});
