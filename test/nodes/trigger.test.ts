import { formatInstant, parseInstant } from '../../core/time';
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
		const state = trigger.staticData.state as { stream: { start: string }; old: unknown };
		// it has run for ten days, on a log that fills what it may keep
		state.stream.start = formatInstant(parseInstant(state.stream.start)! - 864_000_000_000_000n, 9);
		const span = Math.floor((world.clock.now() - 2 * 3_600_000) / 600_000);
		const hashes = (from: number) =>
			Array.from({ length: 20_000 }, (_, at) => String(from + at).padStart(13, '0')).join('');
		state.old = { [span - 60]: hashes(0), [span - 1]: hashes(20_000), [span]: hashes(40_000) };
		runtime.latest.clear();
		world.clock.advance(MINUTE);
		const notice = (await trigger.poll())!.find((item) => item.notice !== undefined);
		const { start } = (trigger.staticData.state as { stream: { start: string } }).stream;
		const floor = formatInstant(parseInstant(start)!, 0);
		expect(parseInstant(start)!).toBeGreaterThanOrEqual(BigInt(span - 59) * 600_000_000_000n);
		expect(notice).toMatchObject({ notice: 'floorMoved', trigger: type.description.displayName, floor });
		expect(trigger.warnings.join()).toMatch(/looks back \d+ hours, and an event from before .* starts no workflow/);
		const id = happen(world);
		expect(await nextPoll()).toEqual([id]);
		expect(trigger.warnings).toHaveLength(1);
	});
});
