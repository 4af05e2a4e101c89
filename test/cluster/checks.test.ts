/** A checker that cannot fail proves nothing. */
import type { Audit, CursorChange, ShardChange } from './audit';
import { Disturbances } from './disturbances';
import { judgeOwnership } from './ownership';
import { judgePace } from './pace';

const [A, B] = ['db1-100-x', 'db1-200-y'];
const processes = new Map([
	[1, 100],
	[2, 200],
]);
const processOf = (port: number) => processes.get(port);

function change(more: Partial<Omit<ShardChange, 'before'>> & { before?: Partial<ShardChange['before']> }): ShardChange {
	const { before, ...rest } = more;
	const after = { shard: 7, epoch: 3, owner: A, seq: 10, ...rest };
	return { id: 1, at: 0, port: 1, ...after, before: { epoch: 3, owner: A, seq: 9, ...before } };
}

const cursor = (more: Partial<CursorChange>): CursorChange => ({
	...{ id: 1, at: 0, port: 1, shard: 7, destination: 'siem', epoch: 3, acked: 9 },
	before: { epoch: 3, acked: 8 },
	...more,
});

const taken = change({ epoch: 3, seq: 9, before: { epoch: 2, owner: B } });

function ownership(shards: ShardChange[], cursors: CursorChange[] = []): string[] {
	const audit: Audit = { shards: [taken, ...shards], cursors };
	return judgeOwnership(audit, processOf);
}

test('a commit and an acknowledgement by the owner are right', () => {
	expect(ownership([change({})], [cursor({})])).toEqual([]);
});

test('a commit by a process that does not own the shard is seen', () => {
	expect(ownership([change({ port: 2 })])).toEqual([expect.stringContaining('process 200 wrote')]);
});

test('an acknowledgement by a former owner is seen', () => {
	expect(ownership([], [cursor({ port: 2 })])).toEqual([expect.stringContaining('process 200 acknowledged 9')]);
});

test('an epoch, a number or a cursor that goes back is seen', () => {
	expect(ownership([change({ epoch: 2, seq: 9 })])[0]).toContain('the epoch went back');
	expect(ownership([change({ seq: 8 })])[0]).toContain('the number went back');
	expect(ownership([], [cursor({ acked: 5 })])[0]).toContain('went back from 8 to 5');
});

test('a change of owners without a new epoch is seen', () => {
	expect(ownership([change({ owner: B, seq: 9 })])[0]).toContain('without a new epoch');
});

describe('a key', () => {
	const every = (ms: number, count: number) => Array.from({ length: count }, (_, index) => ({ at: index * ms }));
	const judged = (asked: { at: number }[], handovers: number[] = [], pauses = [{ from: 0, to: 0 }]) =>
		judgePace({ name: 'one', requestsPerMinute: 60, asked, pauses }, handovers);

	test('at its pace is right, and two owners at once are seen', () => {
		expect(judged(every(1_000, 30))).toEqual([]);
		expect(judged(every(500, 30))[0]).toContain('20 requests within 10 s');
	});

	test('with another owner may be asked once more than its pace', () => {
		const [first, second] = [every(1_000, 15), every(1_000, 15).map(({ at }) => ({ at: at + 14_100 }))];
		expect(judged([...first, ...second], [14_100])).toEqual([]);
	});

	test('that is asked inside a pause is seen', () => {
		expect(judged([{ at: 5_000 }], [], [{ from: 1_000, to: 9_000 }])[0]).toContain('inside a pause');
		expect(judged([{ at: 1_100 }, { at: 9_100 }], [], [{ from: 1_000, to: 9_000 }])).toEqual([]);
	});
});

describe('an extra copy', () => {
	const copy = (at: number, life: number) => ({ uid: 'arpio:a', body: '', at, life });
	const killed = new Disturbances();
	killed.all.push({ kind: 'kill', from: 10_000, to: 10_000, lives: [1] });

	test('is explained by a fault that struck it on its way', () => {
		expect(killed.causeOf(copy(9_000, 1), copy(14_000, 2))).toBe('kill');
	});

	test('of what had long been acknowledged, or by others than were struck, is not', () => {
		expect(killed.causeOf(copy(2_000, 1), copy(14_000, 2))).toBeUndefined();
		expect(killed.causeOf(copy(9_000, 3), copy(14_000, 2))).toBeUndefined();
		expect(killed.causeOf(copy(7_500, 1), copy(8_000, 1))).toBeUndefined();
	});
});
