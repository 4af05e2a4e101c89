import { parseInstant } from '../../core/time';
/** What every trigger keeps from one poll to the next, and what becomes of it. */
import { runtime } from '../../nodes/shared/runtime';
import { triggers } from './support/triggers';
import { poller, type Poller } from './support/poller';
import { createWorld, type World } from './support/world';

const MINUTE = 60_000;

describe.each(triggers)('%s', (_title, type, happen, credential) => {
	let world: World;
	let trigger: Poller;
	beforeEach(() => {
		world = createWorld();
		trigger = poller(world, type, { watch: ['failover', 'failback'] });
	});

	/** A minute passes and n8n polls. */
	const nextPoll = (ms = MINUTE) => {
		world.clock.advance(ms);
		return trigger.ids();
	};

	it('goes on when its choices and filters change, with what happened before the change', async () => {
		await trigger.poll();
		world.clock.advance(MINUTE);
		const deletion = happen(world, { kind: 'deletion' });
		happen(world);
		trigger.parameters = { watch: ['deletions'], filters: { action: '*delete*' } };
		expect(await trigger.ids()).toEqual([deletion]);
		trigger.parameters = { watch: ['everything'] };
		const routine = happen(world, { kind: 'routine' });
		expect(await nextPoll()).toEqual([routine]);
		expect(trigger.warnings).toEqual([]);
	});

	it.each<[string, (trigger: Poller) => void]>([
		['account', () => Object.assign(world.credentials[credential]!, { accountId: 'other', entityId: 'other' })],
		['credential', (one) => (one.node = { credentials: { [credential]: { id: 'other', name: 'Other' } } })],
		['address', () => (world.credentials[credential]!.baseUrl += '/.')],
		['start', ({ parameters }) => (parameters.options = { startFrom: '2026-02-11T16:30:00Z' })],
	])('starts over when its %s changes, and says so', async (what, change) => {
		if (what === 'account' && credential === 'auditApi') return;
		// where an account is named, another key of it goes on
		if (what === 'credential' && credential === 'arpioApi') return;
		await trigger.poll();
		change(trigger);
		// the simulated service knows no other account and no other address
		await trigger.poll().catch(() => undefined);
		expect(trigger.warnings.join()).toMatch(/its account, its address or its Start From has changed/);
	});

	it('goes on with another credential of the same account, where the account is known', async () => {
		await trigger.poll();
		trigger.node = { credentials: { [credential]: { id: 'credential-2', name: 'Other' } } };
		const id = happen(world);
		expect(await nextPoll(0)).toEqual(credential === 'arpioApi' ? [id] : []);
	});

	it('goes on under another name on the engine that keeps state by name, and back under the first one', async () => {
		trigger.connected = ['Other Trigger'];
		const byName = new Map<string, Poller['staticData']>();
		const rename = (name: string) => {
			byName.set(trigger.node.name ?? type.description.displayName, trigger.staticData);
			trigger.node = { name };
			trigger.staticData = byName.get(name) ?? {};
			// n8n was started again
			runtime.latest.clear();
		};
		await trigger.poll();
		const made = [happen(world), happen(world)];
		expect((await nextPoll()).sort()).toEqual(made.sort());
		rename('Renamed');
		const second = happen(world);
		expect(await nextPoll()).toEqual([second]);
		rename(type.description.displayName);
		const third = happen(world);
		expect(await nextPoll()).toEqual([third]);
		expect(trigger.warnings).toEqual([]);
	});

	it('goes on under another name though another trigger has its old one, on the engine that keeps state by name', async () => {
		await trigger.poll();
		const id = happen(world);
		const old = type.description.displayName;
		trigger.node = { name: 'Renamed' };
		// n8n was started again
		trigger.staticData = {};
		runtime.latest.clear();
		trigger.connected = [old, 'Renamed'];
		expect(await nextPoll()).toEqual([id]);
		expect(trigger.warnings).toEqual([]);
	});

	it('goes on when two triggers have changed their names, on the engine that keeps state by name', async () => {
		const other = poller(world, type, { watch: ['failover'] });
		const names = [type.description.displayName, 'Other'];
		for (const one of [trigger, other]) one.connected = names;
		other.node = { id: 'node-2', name: 'Other' };
		await trigger.poll();
		other.globalData = trigger.globalData;
		await other.poll();
		const id = happen(world);
		world.clock.advance(MINUTE);
		expect(await other.ids()).toEqual([id]);
		trigger.globalData = other.globalData;
		trigger.node = { name: 'Other' };
		trigger.staticData = other.staticData;
		runtime.latest.clear();
		expect(await trigger.ids()).toEqual([id]);
	});

	it('repeats what was not stored under another name on the engine that keeps state by id, though a copy is ahead', async () => {
		await trigger.poll();
		const stored = structuredClone(trigger.staticData);
		const id = happen(world);
		expect(await nextPoll()).toEqual([id]);
		trigger.staticData = stored;
		trigger.node = { name: 'Renamed' };
		expect(await nextPoll()).toEqual([id]);
		expect(await nextPoll()).toEqual([]);
	});

	it('shares nothing with a trigger of the same id, though both poll in the same second', async () => {
		const twin = poller(world, type, { watch: ['failover'] });
		twin.node = { name: 'Twin' };
		const names = [type.description.displayName, 'Twin'];
		const workflow = {};
		for (const one of [trigger, twin]) Object.assign(one, { connected: names, live: { node: {}, workflow } });
		const both = async () => [await trigger.ids(), await twin.ids()];
		await trigger.poll();
		happen(world);
		world.clock.advance(MINUTE);
		// the second one is activated later, and begins then
		expect(await twin.ids()).toEqual([]);
		await both();
		for (let polls = 0; polls < 3; polls++) {
			const id = happen(world);
			world.clock.advance(MINUTE);
			expect(await both()).toEqual([[id], [id]]);
		}
		happen(world);
		world.clock.advance(MINUTE);
		const together = await Promise.all([trigger.ids(), twin.ids()]);
		expect(together.map((found) => found.length)).toEqual([1, 1]);
	});

	it.each([
		['the version before', { version: 2 }],
		[
			'the first version, whatever its parameters are now',
			{ version: 1, fingerprint: 'x', name: undefined, saves: undefined },
		],
	])('takes over the state of %s', async (_version, differs) => {
		await trigger.poll();
		const { stream, ...same } = trigger.staticData.state as { stream: Record<'start' | 'watermark', string> };
		const [start, watermark] = [stream.start, stream.watermark].map((instant) => String(parseInstant(instant)));
		trigger.staticData = { state: { ...same, start, watermark, ...differs } as never };
		trigger.globalData = {};
		runtime.latest.clear();
		const id = happen(world);
		expect(await nextPoll()).toEqual([id]);
		expect(trigger.warnings).toEqual([]);
	});

	describe('published while a poll is under way', () => {
		/** On the ordinary engine: what was stored, loaded again. */
		const publish = (stored: Pick<Poller, 'staticData' | 'globalData'>) => {
			const next = poller(world, type, { watch: ['everything'] });
			next.live = { node: structuredClone(stored.staticData), workflow: structuredClone(stored.globalData) };
			return next;
		};

		it('keeps what the poll before saved, so that a restart begins there', async () => {
			const version = publish(trigger);
			const [first, second] = [trigger.poll(), version.poll()];
			await Promise.all([first, second]);
			// n8n stores what the poll at activation leaves behind, and is started again
			runtime.latest.clear();
			const id = happen(world);
			world.clock.advance(MINUTE);
			expect(await version.ids()).toEqual([id]);
		});

		it('starts over at once when its start has changed', async () => {
			await trigger.poll();
			const version = publish(trigger);
			version.parameters = { watch: ['failover'], options: { startFrom: '2026-02-11T15:00:00Z' } };
			const earlier = happen(world, { ago: 2 * MINUTE });
			const id = happen(world);
			const [first, second] = await Promise.all([trigger.ids(), version.ids()]);
			expect([first, second.includes(id), second.includes(earlier)]).toEqual([[id], true, true]);
		});

		it('delivers what the poll under way finds, because n8n throws that away', async () => {
			await trigger.poll();
			const version = publish(trigger);
			const id = happen(world);
			world.clock.advance(MINUTE);
			const [thrownAway, first] = await Promise.all([trigger.ids(), version.ids()]);
			expect([thrownAway, first]).toEqual([[id], []]);
			world.clock.advance(6_000);
			expect(await version.ids()).toEqual([id]);
			for (let polls = 0; polls < 3; polls++) {
				world.clock.advance(MINUTE);
				expect(await version.ids()).toEqual([]);
			}
			const next = happen(world);
			world.clock.advance(MINUTE);
			expect(await version.ids()).toEqual([next]);
		});

		it('takes its turn when the poll under way fails', async () => {
			await trigger.poll();
			const version = publish(trigger);
			const id = happen(world);
			const sent = world.requests.length;
			trigger.parameters = { watch: ['failover'], options: { retries: 0 } };
			world.interfere = (number) => (number === sent + 1 ? { status: 500 } : undefined);
			const [first, second] = await Promise.allSettled([trigger.ids(), version.ids()]);
			expect(first.status).toBe('rejected');
			expect(second).toMatchObject({ value: [id] });
		});
	});

	it('goes on when only pace, page size or form change', async () => {
		await trigger.poll();
		world.clock.advance(MINUTE);
		const id = happen(world);
		trigger.parameters = {
			watch: ['failback', 'failover'],
			simplify: false,
			options: { pageSize: 7, includeRaw: true },
		};
		const [event] = (await trigger.poll())!;
		expect(event!.raw).toContain(id);
		expect(trigger.warnings).toEqual([]);
	});

	it.each([
		['null', null],
		['of another version', { version: 99 }],
		['text', 'watermark'],
		['half', { version: 1, fingerprint: 'x', start: '1', watermark: 'yesterday', anchors: [], seen: [] }],
	])('starts over when its stored state is %s', async (_kind, state) => {
		trigger.staticData = { state };
		expect(await trigger.poll()).toBeUndefined();
		expect(trigger.warnings.join()).toMatch(/cannot be read/);
		world.clock.advance(MINUTE);
		const id = happen(world);
		expect(await nextPoll()).toEqual([id]);
	});

	it('leaves its state as it was when a poll throws', async () => {
		await trigger.poll();
		world.clock.advance(MINUTE);
		const id = happen(world);
		const before = structuredClone(trigger.staticData);
		world.interfere = () => ({ status: 500 });
		await expect(trigger.poll()).rejects.toMatchObject({ failure: { cause: 'temporarily-unavailable' } });
		expect(trigger.staticData).toEqual(before);
		world.interfere = () => undefined;
		expect(await nextPoll()).toEqual([id]);
	});

	it('does not poll twice at once', async () => {
		await trigger.poll();
		world.clock.advance(MINUTE);
		const id = happen(world);
		const both = await Promise.all([trigger.ids(), trigger.ids()]);
		expect(both.flat()).toEqual([id]);
	});

	it('does not repeat events while n8n still stores the position after them, and does when that failed', async () => {
		await trigger.poll();
		const before = structuredClone(trigger.staticData);
		const id = happen(world);
		expect(await nextPoll()).toEqual([id]);
		trigger.staticData = structuredClone(before);
		expect(await nextPoll(1000)).toEqual([]);
		expect(trigger.staticData).toEqual(before);
		expect(await nextPoll()).toEqual([id]);
		expect(await nextPoll(1000)).toEqual([]);
	});

	it('goes on from what another process has stored, though this one polled more often before', async () => {
		await trigger.poll();
		const stored = structuredClone({ staticData: trigger.staticData, globalData: trigger.globalData });
		for (let polls = 0; polls < 5; polls++) expect(await nextPoll()).toEqual([]);
		const here = runtime.latest;
		runtime.latest = new Map();
		Object.assign(trigger, stored);
		const id = happen(world);
		expect(await nextPoll(20 * MINUTE)).toEqual([id]);
		runtime.latest = here;
		expect(await nextPoll()).toEqual([]);
	});

	it('keeps its stored state small on a busy stream', async () => {
		trigger.parameters = { watch: ['everything'] };
		await trigger.poll();
		for (let poll = 0; poll < 40; poll++) {
			for (let event = 0; event < 25; event++) happen(world, { kind: 'routine' });
			expect(await nextPoll(10 * MINUTE)).toHaveLength(25);
		}
		expect(JSON.stringify(trigger.staticData).length).toBeLessThan(100_000);
	});
});
