/** What a worker tells while the database is away. */
import type { Holding } from '../../../forwarder/run/holding';
import { createMonitor } from '../../../forwarder/run/monitor';
import { createSnapshots } from '../../../forwarder/run/snapshot';
import type { Summary } from '../../../forwarder/store/summary';
import { simClock } from '../../support/clock';
import { worker } from '../server/support';

const nothing: Summary = { streams: [], destinations: [], past: [], unseen: [], paused: [] };
const gap = { stream: 'dr', gaps: { count: 3, since: 1n, reasons: [] } } as unknown as Summary['unseen'][number];

function scene(isShared: boolean, found: Partial<Summary> = {}) {
	const clock = simClock();
	const state = { isAway: false };
	const holding: Holding = {
		sources: () => [],
		refused: () => new Map(),
		domains: () => new Map(),
		deliveries: () => new Map(),
		summary: async () => {
			if (state.isAway) throw new Error('the database cannot be reached');
			return { ...nothing, unseen: [gap], ...found };
		},
		isFull: () => false,
		isDiskLow: () => false,
		failure: () => undefined,
	};
	const look = createSnapshots({
		...{ destinations: () => [], clock, env: {}, holding, stop: new AbortController().signal },
		monitor: createMonitor({ clock }),
		...(isShared && { worker: async () => worker() }),
		mistakes: () => [{ source: 'acme', sinceMs: 1, message: 'no key' }],
	});
	return { look, state };
}

test('in a cluster it says so, and shows what it saw last', async () => {
	const { look, state } = scene(true);
	state.isAway = true;
	expect(await look()).toMatchObject({ unseen: [], writeFailure: { message: 'the database cannot be reached' } });
	state.isAway = false;
	expect((await look()).writeFailure).toBeUndefined();
	expect(await look()).toMatchObject({ unseen: [gap], worker: worker() });
});

test('over a file that cannot be read it is an error', async () => {
	const { look, state } = scene(false);
	state.isAway = true;
	await expect(look()).rejects.toThrow('the database cannot be reached');
});

test('a mistake comes with what the state has of its source', async () => {
	expect((await scene(false).look()).mistakes).toEqual([{ source: 'acme', sinceMs: 1, message: 'no key' }]);
	const stored = { name: 'acme', waiting: 31 } as Summary['streams'][number];
	const [mistake] = (await scene(false, { streams: [stored] }).look()).mistakes;
	expect(mistake).toMatchObject({ message: 'no key', stored, openGaps: 0 });
});
