import type { Range } from '../../../core/contract';
import { fromMillis } from '../../../core/time';
import { nextWidth } from '../../../core/walk/backfill';
import { cancelBackfill } from '../../../forwarder/store/sqlite/backfills';
import { amendState } from '../../../forwarder/store/sqlite/open';
import { DAY, HOUR, pastScene, type PastScene, type SimName } from './pastScene';

let scene: PastScene;
afterEach(() => scene.remove());

/** Ten days of events before now, several at the same instants, also at the edges of the range and of its days. */
function past({ start, clock, happen }: PastScene): string[] {
	const from = start - 8 * DAY;
	const times = [from - 1, from - 0.001, from, from, start - 0.001, start, start, clock.now()];
	for (let day = 1; day < 8; day++) times.push(from + day * DAY, from + day * DAY, from + day * DAY - 0.001);
	for (let i = 0; i < 60; i++) times.push(from + i * 3.3 * HOUR);
	times.forEach((ms, i) => happen(`e${i}`, ms));
	return times.flatMap((ms, i) => (ms >= from ? [`e${i}`] : [])).sort();
}

describe.each<SimName>(['arpio', 'arcus', 'auditapi'])('%s', (name) => {
	beforeEach(() => {
		scene = pastScene(name);
	});

	test('everything since the beginning of the range arrives once, live walk and back-fill together', async () => {
		const all = past(scene);
		await scene.begin();
		await scene.live();
		scene.ask(scene.start - 8 * DAY);
		await scene.next();
		await scene.live();
		const steps = await scene.fill();
		await scene.live();
		expect(steps.at(-1)).toEqual({ kind: 'finished' });
		expect(await scene.shipped()).toEqual(all);
		const whole = { from: fromMillis(scene.start - 8 * DAY), to: fromMillis(scene.start) };
		expect(await scene.covered()).toEqual([whole]);
		expect(scene.job()).toMatchObject({ ...whole, done: whole.to, cancelled: false });
		expect(scene.job().ended).toBeDefined();
	});

	test('a crash at any request repeats nothing, loses nothing, and costs one request', async () => {
		scene.remove();
		scene = pastScene(name, 12);
		past(scene);
		await scene.begin();
		scene.ask(scene.start - 8 * DAY);
		await scene.fill();
		const [wanted, total] = [await scene.shipped(), scene.requests];
		expect(total).toBeGreaterThan(5);
		for (let at = 1; at <= total; at++) {
			scene.remove();
			scene = pastScene(name, 12);
			past(scene);
			await scene.begin();
			scene.ask(scene.start - 8 * DAY);
			scene.crashAt(at);
			await expect(scene.fill()).rejects.toThrow(/500/);
			scene.restart();
			scene.crashAt(Infinity);
			await scene.fill();
			expect(await scene.shipped()).toEqual(wanted);
			expect(scene.requests).toBe(total - at + 1);
		}
	});

	test('however a range is split, the same events arrive', async () => {
		past(scene);
		const cut = [-8, -7, -6.5, -2.1, 0].map((days) => scene.start + days * DAY);
		await scene.begin();
		for (const [i, from] of cut.slice(0, -1).entries()) {
			expect(scene.ask(from, cut[i + 1])).toBe(true);
			await scene.fill();
		}
		const parts = await scene.shipped();
		const covered = await scene.covered();
		scene.remove();
		scene = pastScene(name);
		past(scene);
		await scene.begin();
		scene.ask(cut[0]!);
		await scene.fill();
		expect(await scene.shipped()).toEqual(parts);
		expect(await scene.covered()).toEqual(covered);
	});

	test('what is covered is not read again', async () => {
		past(scene);
		await scene.begin();
		scene.ask(scene.start - 4 * DAY, scene.start - 2 * DAY);
		await scene.fill();
		scene.ask(scene.start - 8 * DAY);
		await scene.fill();
		const shipped = await scene.shipped();
		expect(new Set(shipped).size).toBe(shipped.length);
		const before = scene.requests;
		scene.ask(scene.start - 8 * DAY);
		expect(await scene.fill()).toEqual([{ kind: 'finished' }]);
		expect(scene.requests).toBe(before);
	});

	test('a range that ends now waits until late events are in', async () => {
		await scene.begin();
		const { clock } = scene;
		scene.remove();
		scene = pastScene(name);
		scene.start = clock.now() - 60_000;
		scene.happen('late', scene.start - 30_000, scene.clock.now() + 8 * 60_000);
		await scene.begin();
		scene.ask(scene.start - HOUR);
		expect(await scene.next()).toMatchObject({ kind: 'partition', to: fromMillis(scene.clock.now() - 601_000) });
		const before = scene.requests;
		expect(await scene.next()).toEqual({ kind: 'early', until: scene.start + 601_001 });
		expect(scene.requests).toBe(before);
		await scene.fill();
		await scene.live();
		expect(await scene.shipped()).toEqual(['late']);
	});

	test('a cancelled job keeps nothing of the page in flight, and begun again it repeats nothing', async () => {
		past(scene);
		await scene.begin();
		scene.ask(scene.start - 8 * DAY);
		scene.crashAt(4);
		await expect(scene.fill()).rejects.toThrow();
		const db = amendState(scene.path);
		expect(cancelBackfill(db, 'dr', 1n)).toBe(true);
		expect(cancelBackfill(db, 'dr', 1n)).toBe(false);
		db.close();
		expect(await scene.next()).toEqual({ kind: 'none' });
		scene.crashAt(Infinity);
		scene.ask(scene.start - 8 * DAY);
		await scene.fill();
		const shipped = await scene.shipped();
		expect(new Set(shipped).size).toBe(shipped.length);
	});
});

test('a second job of a stream has to wait for the first', async () => {
	scene = pastScene('arpio');
	await scene.begin();
	expect(scene.ask(scene.start - DAY)).toBe(true);
	expect(scene.ask(scene.start - 2 * DAY)).toBe(false);
});

test('a cancel while a page is read throws that page away', async () => {
	scene = pastScene('arpio');
	past(scene);
	await scene.begin();
	scene.ask(scene.start - 8 * DAY);
	const handle = scene.api.handle.bind(scene.api);
	Object.assign(scene.api, {
		handle: (request: Parameters<typeof handle>[0]) => {
			const db = amendState(scene.path);
			cancelBackfill(db, 'dr', 1n);
			db.close();
			return handle(request);
		},
	});
	await expect(scene.next()).rejects.toThrow('cancelled');
	expect(await scene.shipped()).toEqual([]);
});

test('a provider whose clock is behind: the end of the range comes later, without repeats', async () => {
	scene = pastScene('arpio');
	scene.api.switches.dateSkewMs = -20 * 60_000;
	scene.start = scene.clock.now() - 11 * 60_000;
	for (let i = 0; i < 30; i++) scene.happen(`e${i}`, scene.start - i * 60_000);
	await scene.begin();
	scene.ask(scene.start - HOUR);
	const steps = await scene.fill();
	expect(steps.map(({ kind }) => kind)).toContain('early');
	await scene.live();
	expect(await scene.shipped()).toHaveLength(30);
	expect(new Set(await scene.shipped()).size).toBe(30);
});

test('a partition that had to be cut in halves repeats nothing at the cut', async () => {
	scene = pastScene('arpio', 5);
	Object.assign(scene.api.switches, { tokenExpiryMs: -1 });
	for (let i = 0; i < 60; i++) scene.happen(`e${i}`, scene.start - HOUR + i * 900);
	await scene.begin();
	scene.ask(scene.start - HOUR);
	await scene.fill();
	const shipped = await scene.shipped();
	expect(new Set(shipped).size).toBe(60);
	expect(shipped).toHaveLength(60);
});

test('bounds that the provider leaves out hide nothing', async () => {
	const exclusive = ({ lower, upper }: Range): Range => ({ lower: lower + 1000n, upper: upper && upper - 1000n });
	scene = pastScene('arpio', 5, exclusive);
	const all = past(scene);
	await scene.begin();
	await scene.live();
	scene.ask(scene.start - 8 * DAY);
	await scene.fill();
	expect(await scene.shipped()).toEqual(all);
});

test('partitions widen through quiet times and narrow in busy ones, towards 20 pages', async () => {
	scene = pastScene('arpio', 5);
	const from = scene.start - 400 * DAY;
	for (let i = 0; i < 3000; i++) scene.happen(`e${i}`, scene.start - 100 * DAY + i * 60_000);
	await scene.begin();
	scene.ask(from);
	const steps = await scene.fill();
	const days = steps.flatMap((step) => (step.kind === 'partition' ? [Number(step.to - step.from) / 86_400e9] : []));
	expect(days.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
	expect(Math.max(...days)).toBeGreaterThan(64);
	expect(Math.min(...days)).toBeLessThan(2);
	expect(await scene.shipped()).toHaveLength(3000);
});

test('a source with coarse filters is not asked for less than it returns anyway', async () => {
	scene = pastScene('auditapi', 10);
	for (let i = 0; i < 3000; i++) scene.happen(`e${i}`, scene.start - 30 * DAY + i * 10 * 60_000);
	await scene.begin();
	scene.ask(scene.start - 40 * DAY);
	await scene.fill();
	expect(await scene.shipped()).toHaveLength(3000);
	// 300 pages hold all; whole days on both sides of three partitions are the rest
	expect(scene.requests).toBeLessThan(450);
});

test.each([
	[0, 48],
	[10, 48],
	[11, 24],
	[39, 24],
	[40, 12],
	[5000, 12],
])('after %i pages in 24 h the next partition is %i h wide', (pages, hours) => {
	scene = pastScene('arpio');
	const hour = 3_600_000_000_000n;
	expect(nextWidth({ from: 0n, to: 24n * hour }, pages)).toBe(BigInt(hours) * hour);
});

test('a partition is never narrower than a minute nor wider than a year', () => {
	scene = pastScene('arpio');
	expect(nextWidth({ from: 0n, to: 2n }, 1000)).toBe(60_000_000_000n);
	expect(nextWidth({ from: 0n, to: 10n ** 18n }, 1)).toBe(366n * 86_400_000_000_000n);
});
