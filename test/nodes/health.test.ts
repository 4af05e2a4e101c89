/** How a trigger is: asked by its node in the same workflow, and told by the trigger itself. */
import type { IDataObject } from 'n8n-workflow';
import { ArcusErp } from '../../nodes/ArcusErp/ArcusErp.node';
import { Arpio } from '../../nodes/Arpio/Arpio.node';
import { AuditApi } from '../../nodes/AuditApi/AuditApi.node';
import { runtime } from '../../nodes/shared/runtime';
import { execute } from './support/context';
import { poller, type Poller } from './support/poller';
import { triggers } from './support/triggers';
import { createWorld, type World } from './support/world';

const MINUTE = 60_000;
const nodes = [new Arpio(), new ArcusErp(), new AuditApi()];

describe.each(triggers)('%s', (title, type, happen) => {
	const action = nodes.find(({ description }) => title.startsWith(description.displayName))!;
	let world: World;
	let trigger: Poller;
	beforeEach(() => {
		world = createWorld();
		trigger = poller(world, type, { watch: ['everything'] });
	});

	const nextPoll = (ms = MINUTE) => {
		world.clock.advance(ms);
		return trigger.poll();
	};
	const ask = async (node = action, connected = [title]) => {
		const parameters = { resource: 'trigger', operation: 'getHealth' };
		const { output, hints } = await execute(world, node, { parameters, staticData: trigger.globalData, connected });
		return { health: output.map(({ json }) => json), hints };
	};
	const at = (ms = 0) => new Date(world.clock.now() - ms).toISOString().replace('.000', '');

	describe('asked in the same workflow', () => {
		it('is up to date, with the time of its last poll, position and floor', async () => {
			const begun = at();
			await trigger.poll();
			await nextPoll();
			const { health } = await ask();
			expect(health).toEqual([
				expect.objectContaining({
					trigger: title,
					status: 'upToDate',
					lastPoll: at(),
					floor: begun,
					pausedUntil: null,
				}),
			]);
			const { position, message } = health[0] as { position: string; message: string };
			expect(position <= at()).toBe(true);
			expect(message).toContain(`has read everything until ${position}`);
		});

		it('is known from what n8n has stored where another process polls', async () => {
			await trigger.poll();
			const polled = at();
			runtime.latest.clear();
			runtime.reports.clear();
			world.clock.advance(5 * MINUTE);
			const { health } = await ask();
			expect(health).toMatchObject([{ status: 'upToDate', lastPoll: polled, failedPolls: null, pausedUntil: null }]);
		});

		it('is newer than what n8n has stored, which leaves polls without events in memory', async () => {
			await trigger.poll();
			const stored = trigger.globalData;
			await nextPoll();
			trigger.globalData = stored;
			expect((await ask()).health).toMatchObject([{ lastPoll: at() }]);
		});

		it('fails, with the reason and how often, until a poll succeeds', async () => {
			await trigger.poll();
			world.interfere = () => ({ status: 401 });
			for (let polls = 0; polls < 3; polls++) await nextPoll().catch(() => undefined);
			const { health } = await ask();
			expect(health).toMatchObject([{ status: 'failing', failedPolls: 3, lastPoll: at() }]);
			expect(health[0]!.message).toMatch(/is failing: .* did not accept the API key/);
			world.interfere = () => undefined;
			await nextPoll();
			expect((await ask()).health).toMatchObject([{ status: 'upToDate', failedPolls: 0 }]);
		});

		it('says until when its credential is paused', async () => {
			await trigger.poll();
			world.interfere = () => ({ status: 429, headers: { 'retry-after': '1800' } });
			await nextPoll().catch(() => undefined);
			expect((await ask()).health).toMatchObject([{ status: 'paused', pausedUntil: at(-1_800_000), failedPolls: 1 }]);
		});

		it('catches up while a part of the past is left', async () => {
			for (let event = 0; event < 30; event++) happen(world, { ago: 10 * MINUTE });
			trigger.parameters = {
				watch: ['everything'],
				options: { startFrom: at(60 * MINUTE), maxEvents: 5, pageSize: 5 },
			};
			await trigger.poll();
			expect((await ask()).health).toMatchObject([{ status: 'catchingUp' }]);
		});

		it('is told once of a trigger that has the former name of another one', async () => {
			const names = [title, 'Renamed'];
			trigger.connected = names;
			await trigger.poll();
			trigger.node = { name: 'Renamed' };
			await nextPoll();
			trigger.node = { id: 'node-2', name: title };
			await nextPoll();
			const { health } = await ask(action, names);
			expect(health.map(({ trigger: name, lastPoll }) => [name, lastPoll])).toEqual([
				['Renamed', at(MINUTE)],
				[title, at()],
			]);
		});

		it('is not there before its first poll, after its removal, or for the node of another service', async () => {
			expect(await ask()).toEqual({ health: [], hints: [expect.stringMatching(/has been polled yet/)] });
			await trigger.poll();
			expect((await ask(action, [])).health).toEqual([]);
			expect((await ask(nodes.find((node) => node !== action))).health).toEqual([]);
		});
	});

	describe('tells it in an item', () => {
		const told = async (items: Promise<IDataObject[] | undefined>) =>
			((await items) ?? []).filter(({ notice }) => notice === 'health');

		it('at the interval that is wanted', async () => {
			trigger.parameters = { watch: ['failover'], options: { health: 'tenMinutes' } };
			await trigger.poll();
			const at: number[] = [];
			for (let minute = 1; minute <= 21; minute++) if ((await told(nextPoll())).length > 0) at.push(minute);
			expect(at).toEqual([1, 11, 21]);
		});

		it('when it begins, and after polls that failed', async () => {
			trigger.parameters = { watch: ['failover'], options: { health: 'change' } };
			await trigger.poll();
			expect(await told(nextPoll())).toMatchObject([{ trigger: title, status: 'upToDate', failedPolls: 0 }]);
			expect(await told(nextPoll())).toEqual([]);
			world.interfere = () => ({ status: 401 });
			for (let polls = 0; polls < 2; polls++) await nextPoll().catch(() => undefined);
			world.interfere = () => undefined;
			expect(await told(nextPoll())).toMatchObject([{ status: 'upToDate', failedPolls: 2, lastPoll: at() }]);
			expect(await told(nextPoll())).toEqual([]);
		});

		it('when it falls behind, and when it has caught up', async () => {
			for (let event = 0; event < 30; event++) happen(world, { ago: 10 * MINUTE });
			const startFrom = at(60 * MINUTE);
			trigger.parameters = {
				watch: ['everything'],
				options: { health: 'change', startFrom, maxEvents: 5, pageSize: 5 },
			};
			const statuses: unknown[] = [];
			for (let polls = 0; polls < 40; polls++)
				statuses.push(...(await told(nextPoll(1000))).map(({ status }) => status));
			expect(statuses).toEqual(['catchingUp', 'upToDate']);
		});

		it('never by default', async () => {
			await trigger.poll();
			expect(await told(nextPoll())).toEqual([]);
		});
	});
});
