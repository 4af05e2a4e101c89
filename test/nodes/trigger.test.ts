/** What holds for every trigger, poll after poll. */
import { runtime } from '../../nodes/shared/runtime';
import { triggers } from './support/triggers';
import { poller, type Poller } from './support/poller';
import { createWorld, type World } from './support/world';

const MINUTE = 60_000;
const DAY = 86_400_000;

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

	it('starts at now: the first poll emits nothing that happened before', async () => {
		happen(world, { ago: 5 * MINUTE });
		expect(await trigger.poll()).toBeUndefined();
		expect(world.requests).toHaveLength(1);
		expect(await nextPoll()).toEqual([]);
		const id = happen(world);
		expect(await nextPoll()).toEqual([id]);
		expect(await nextPoll()).toEqual([]);
	});

	/** n8n has kept nothing. */
	const forget = () => Object.assign(trigger, { staticData: {}, globalData: {} });

	it('begins when it is activated, also on the engine that keeps nothing of the poll at activation', async () => {
		await trigger.poll();
		forget();
		const id = happen(world);
		expect(await nextPoll()).toEqual([id]);
		expect(await nextPoll()).toEqual([]);
		forget();
		const next = happen(world);
		expect(await nextPoll()).toEqual([next]);
	});

	it('starts at now by the clock of the provider', async () => {
		// ours is ten minutes ahead: what happens until the provider's clock gets there must not be lost
		for (const api of [world.arpio, world.arcus, world.auditapi]) api.switches.dateSkewMs = -10 * MINUTE;
		await trigger.poll();
		const id = happen(world, { ago: 9 * MINUTE });
		expect(await nextPoll()).toEqual([id]);
	});

	it('starts at now by our own clock when that of the provider is ahead', async () => {
		for (const api of [world.arpio, world.arcus, world.auditapi]) api.switches.dateSkewMs = 10 * MINUTE;
		await trigger.poll();
		world.clock.advance(MINUTE);
		const id = happen(world);
		expect(await nextPoll()).toEqual([id]);
	});

	it('counts an age from whichever clock is behind', async () => {
		// ours is 30 days ahead when the expression "seven days ago" is computed
		const old = happen(world, { ago: 6 * DAY });
		for (const api of [world.arpio, world.arcus, world.auditapi]) api.switches.dateSkewMs = -30 * DAY;
		world.clock.advance(30 * DAY);
		const startFrom = new Date(world.clock.now() - 7 * DAY).toISOString();
		trigger.parameters = { watch: ['failover'], options: { startFrom } };
		trigger.node = { parameters: { options: { startFrom: '={{ $now.minus(7, "days") }}' } } };
		const found = await trigger.ids();
		for (let polls = 0; polls < 5; polls++) found.push(...(await nextPoll()));
		expect(found).toContain(old);
		expect(trigger.warnings).toEqual([]);
	});

	it('says that a start is still to come by the clock of the provider', async () => {
		for (const api of [world.arpio, world.arcus, world.auditapi]) api.switches.dateSkewMs = -DAY;
		trigger.parameters = { watch: ['failover'], options: { startFrom: new Date(world.clock.now()).toISOString() } };
		await trigger.poll();
		expect(trigger.warnings.join()).toMatch(/starts at \S+, which is still to come by the provider's clock/);
	});

	it('emits each event once when the provider ignores its time filter, and says so once', async () => {
		for (const api of [world.arpio, world.arcus, world.auditapi]) api.switches.timeFilter = 'ignored';
		await trigger.poll();
		const made: string[] = [];
		const found: unknown[] = [];
		for (let polls = 0; polls < 20; polls++) {
			made.push(happen(world));
			found.push(...(await nextPoll(20 * MINUTE)));
		}
		for (let polls = 0; polls < 12; polls++) found.push(...(await nextPoll(DAY)));
		expect(found).toEqual(made);
		expect(trigger.warnings.filter((text) => text.includes('ignores its time filter')).length).toBeLessThanOrEqual(1);
		if (credential !== 'auditApi') expect(trigger.warnings).toHaveLength(1);
	});

	it('is not held up by a clock that was ahead and is right again', async () => {
		world.arcus.switches.rateLimit = 'off';
		await trigger.poll();
		world.clock.advance(365 * DAY);
		const before = structuredClone(trigger.staticData);
		const id = happen(world, { ago: 365 * DAY - MINUTE });
		expect(await trigger.ids()).toEqual([id]);
		trigger.staticData = structuredClone(before);
		world.clock.advance(-365 * DAY + 2 * MINUTE);
		expect(await trigger.ids()).toEqual([id]);
		// nor the next second look at the past
		const { sweptAt } = trigger.staticData.state as { sweptAt: number };
		expect(sweptAt).toBeLessThanOrEqual(world.clock.now());
	});

	it('fails the activation when the key is wrong, and keeps no state', async () => {
		world.credentials[credential]!.apiKey = 'wrong:key';
		await expect(trigger.poll()).rejects.toMatchObject({ failure: { cause: 'credential-invalid' } });
		expect(trigger.staticData).toEqual({});
	});

	it('emits events in the order in which they happened, equal times included, each once', async () => {
		await trigger.poll();
		world.clock.advance(10 * MINUTE);
		const late = happen(world, { ago: MINUTE });
		const same = [happen(world, { ago: 3 * MINUTE }), happen(world, { ago: 3 * MINUTE })].sort();
		expect(await nextPoll()).toEqual([...same, late]);
		const third = happen(world, { ago: 4 * MINUTE });
		expect(await nextPoll()).toEqual([third]);
		expect(await nextPoll(20 * MINUTE)).toEqual([]);
	});

	it('catches an event that the provider shows late', async () => {
		await trigger.poll();
		world.clock.advance(MINUTE);
		const id = happen(world, { visibleIn: 4 * MINUTE });
		expect(await nextPoll()).toEqual([]);
		happen(world, { kind: 'routine' });
		expect(await nextPoll()).toEqual([]);
		expect(await nextPoll()).toEqual([]);
		expect(await nextPoll()).toEqual([id]);
		expect(await nextPoll()).toEqual([]);
	});

	it.each([
		['failedActions', 'failedLogin'],
		['accessChanges', 'role'],
		['deletions', 'deletion'],
		['drTest', 'drill'],
		['failover', 'failover'],
		['alerts', 'failover'],
	] as const)('watches %s', async (watch, kind) => {
		trigger.parameters = { watch: [watch] };
		await trigger.poll();
		world.clock.advance(MINUTE);
		happen(world, { kind: 'routine' });
		const id = happen(world, { kind });
		expect(await nextPoll()).toEqual([id]);
	});

	it('narrows by action and severity', async () => {
		trigger.parameters = { watch: ['everything'], filters: { action: '*failover*' } };
		if (credential === 'arpioApi')
			trigger.parameters = { watch: ['everything'], filters: { action: 'start*Recovery' } };
		await trigger.poll();
		world.clock.advance(MINUTE);
		happen(world, { kind: 'routine' });
		const id = happen(world);
		expect(await nextPoll()).toEqual([id]);

		trigger.parameters = { watch: ['everything'], filters: { minimumSeverity: 17 } };
		await trigger.poll();
		world.clock.advance(MINUTE);
		happen(world, { kind: 'routine' });
		const grave = happen(world);
		expect(await nextPoll()).toEqual([grave]);
	});

	it.each([
		['latenessMinutes', 'soon', 'Lateness is not a number from 0 on'],
		['maxEvents', 0, 'Max Events per Poll is not a number from 1 on'],
	])('fails the activation when %s is %j', async (name, value, message) => {
		trigger.parameters = { watch: ['everything'], options: { [name]: value } };
		await expect(trigger.poll()).rejects.toThrow(message);
		expect(trigger.staticData).toEqual({});
	});

	it('shows recent events for a test, and leaves the state alone', async () => {
		await trigger.poll();
		const before = structuredClone(trigger.staticData);
		const id = happen(world, { ago: 20 * MINUTE });
		world.clock.advance(MINUTE);
		const shown = await trigger.poll('manual');
		expect(shown!.map((row) => row.id)).toContain(id);
		expect(shown!.length).toBeLessThanOrEqual(10);
		expect(trigger.staticData).toEqual(before);
	});

	it('says when there is nothing to show for a test', async () => {
		trigger.parameters = { watch: ['everything'], filters: { action: 'nothing.like.this' } };
		await expect(trigger.poll('manual')).rejects.toThrow(/No event of the last 30 days/);
		expect(trigger.staticData).toEqual({});
	});

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
		['account', () => void (world.credentials[credential]!.accountId = 'other')],
		['address', () => (world.credentials[credential]!.baseUrl += '/.')],
		['start', ({ parameters }) => (parameters.options = { startFrom: '2026-02-11T16:30:00Z' })],
	])('starts over when its %s changes, and says so', async (_what, change) => {
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

	it('takes over the state of the first version, whatever its parameters are now', async () => {
		await trigger.poll();
		const { name: _name, saves: _saves, ...first } = trigger.staticData.state as Record<string, never>;
		trigger.staticData = { state: { ...first, version: 1, fingerprint: 'of all parameters' } };
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

	it('keeps what it has read when a later page fails, and meets the error with the next poll', async () => {
		trigger.parameters = { watch: ['failover'], options: { pageSize: 5, retries: 0 } };
		await trigger.poll();
		world.clock.advance(MINUTE);
		const all = Array.from({ length: 12 }, () => happen(world));
		const begun = world.requests.length;
		world.interfere = (number) => (number > begun + 1 ? { status: 500 } : undefined);
		const first = await trigger.ids();
		expect(first.length).toBeGreaterThan(0);
		expect(trigger.warnings.join()).toMatch(/stopped early/);
		await expect(trigger.poll()).rejects.toThrow(/not available/);
		world.interfere = () => undefined;
		expect([...first, ...(await nextPoll())].sort()).toEqual(all.sort());
	});

	it.each([36_000, 300_000, undefined])(
		'stops in time with a budget of %s and goes on with the next poll',
		async (budget) => {
			trigger.parameters = { watch: ['failover'], options: { pageSize: 5 } };
			trigger.budgetMs = budget;
			await trigger.poll();
			world.clock.advance(MINUTE);
			const all = Array.from({ length: 60 }, () => happen(world));
			world.latencyMs = budget === 300_000 ? 80_000 : 14_000;
			const found: unknown[] = [];
			let polls = 0;
			for (; found.length < all.length && polls < 30; polls++) {
				const start = world.clock.now();
				found.push(...(await trigger.ids()));
				expect(world.clock.now() - start).toBeLessThanOrEqual((budget ?? MINUTE) + world.latencyMs);
			}
			expect(polls).toBeGreaterThan(2);
			expect(found.sort()).toEqual(all.sort());
		},
	);

	it('passes a long Retry-After on instead of waiting it out', async () => {
		await trigger.poll();
		world.clock.advance(MINUTE);
		const id = happen(world);
		const start = world.clock.now();
		world.interfere = () => ({ status: 429, headers: { 'retry-after': '1800' } });
		await expect(trigger.poll()).rejects.toMatchObject({ failure: { cause: 'rate-limited' } });
		expect(world.clock.now() - start).toBeLessThan(300_000);
		world.interfere = () => undefined;
		expect(await nextPoll(1_800_000)).toEqual([id]);
	});

	it('asks inside a pause when a person fetches test events, and a success ends the pause for all', async () => {
		await trigger.poll();
		world.clock.advance(MINUTE);
		const id = happen(world);
		world.interfere = () => ({ status: 429, headers: { 'retry-after': '1800' } });
		await expect(trigger.poll()).rejects.toThrow(/allows no more requests/);
		const before = world.requests.length;
		await expect(trigger.poll('manual')).rejects.toThrow(/allows no more requests/);
		expect(world.requests).toHaveLength(before + 1);
		world.interfere = () => undefined;
		await expect(trigger.poll()).rejects.toThrow(/allows no more requests/);
		expect(JSON.stringify(await trigger.poll('manual'))).toContain(id);
		expect(await nextPoll(MINUTE)).toEqual([id]);
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

	it('reads history from a given time on, part by part', async () => {
		const old = Array.from({ length: 23 }, (_, day) => happen(world, { ago: (day + 1) * DAY - MINUTE }));
		const startFrom = new Date(world.clock.now() - 20 * DAY).toISOString();
		trigger.parameters = { watch: ['failover'], filters: {}, options: { startFrom, maxEvents: 5, pageSize: 5 } };
		const found: unknown[] = [];
		for (let polls = 0; polls < 12; polls++) found.push(...(await nextPoll(1000)));
		const made = found.filter((id) => old.includes(id as string));
		expect(made).toHaveLength(20);
		expect(new Set(found).size).toBe(found.length);
	});

	it('says once a day, in a line and in an item, that it can no longer look back as far as it should', async () => {
		// the others are never shown an old event again
		if (credential !== 'auditApi') return;
		await trigger.poll();
		const state = trigger.staticData.state as { start: string; old: unknown };
		// it has run for ten days, on a log that fills what it may keep
		state.start = String(BigInt(state.start) - 864_000_000_000_000n);
		const span = Math.floor((world.clock.now() - 2 * 3_600_000) / 600_000);
		const hashes = (from: number) =>
			Array.from({ length: 20_000 }, (_, at) => String(from + at).padStart(13, '0')).join('');
		state.old = { [span - 60]: hashes(0), [span - 1]: hashes(20_000), [span]: hashes(40_000) };
		runtime.latest.clear();
		world.clock.advance(MINUTE);
		const notice = (await trigger.poll())!.find((item) => item.notice !== undefined);
		const { start } = trigger.staticData.state as { start: string };
		const floor = new Date(Number(BigInt(start) / 1_000_000n)).toISOString().replace('.000', '');
		expect(BigInt(start)).toBeGreaterThanOrEqual(BigInt(span - 59) * 600_000_000_000n);
		expect(notice).toMatchObject({ notice: 'floorMoved', trigger: type.description.displayName, floor });
		expect(trigger.warnings.join()).toMatch(/looks back \d+ hours, and an event from before .* starts no workflow/);
		const id = happen(world);
		expect(await nextPoll()).toEqual([id]);
		expect(trigger.warnings).toHaveLength(1);
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
