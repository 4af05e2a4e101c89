/** The lossless promises, for the triggers: random events, faults, budgets and crashes, state as JSON between polls. */
import fc from 'fast-check';
import { triggers } from './support/triggers';
import { poller } from './support/poller';
import { createWorld } from './support/world';

const LATENESS_MINUTES = 5;
const SECOND = 1000;

type Step =
	| { do: 'happen'; ago: number; visibleIn: number; routine: boolean }
	| { do: 'poll'; fault: number | undefined; latency: number; crash: boolean }
	| { do: 'wait'; ms: number };

const happens = fc
	.record({ ago: fc.integer({ min: 0, max: 140 }), visibleIn: fc.integer({ min: 0, max: 140 }), routine: fc.boolean() })
	.map(({ ago, visibleIn, routine }): Step => ({
		do: 'happen',
		// whole seconds make equal times likely; together below the promised lateness
		ago: ago * SECOND,
		visibleIn: visibleIn * SECOND,
		routine,
	}));
const polls = fc.record({
	do: fc.constant('poll' as const),
	fault: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
	latency: fc.constantFrom(0, 0, 9_000),
	crash: fc.boolean(),
});
const waits = fc.integer({ min: 1, max: 200 }).map((seconds): Step => ({ do: 'wait', ms: seconds * SECOND }));
const story = fc.array(fc.oneof({ weight: 5, arbitrary: happens }, { weight: 2, arbitrary: polls }, waits), {
	minLength: 5,
	maxLength: 50,
});

const quirks = fc.record({
	order: fc.constantFrom('ascending', 'descending', 'shuffled'),
	tokenExpiryMs: fc.constantFrom(900_000, 5_000),
	envelope: fc.constantFrom('object', 'object', 'array'),
	ties: fc.constantFrom('newest-first', 'oldest-first'),
	endingBefore: fc.constantFrom('adjacent', 'newest'),
	climbingHasMore: fc.constantFrom('newer', 'older'),
	auditsOwnReads: fc.boolean(),
});

it.each(triggers)(
	'%s loses nothing and repeats nothing but after a crash',
	async (_title, type, happen) => {
		await fc.assert(
			fc.asyncProperty(story, quirks, async (steps, switches) => {
				const world = createWorld();
				const { ties, order, tokenExpiryMs, envelope, auditsOwnReads, endingBefore, climbingHasMore } = switches;
				Object.assign(world.arpio.switches, { order, tokenExpiryMs, envelope, auditsOwnReads });
				Object.assign(world.arcus.switches, { ties, rateLimit: 'off' });
				Object.assign(world.auditapi.switches, { ties, endingBefore, climbingHasMore });
				const options = { pageSize: 12, retries: 0, latenessMinutes: LATENESS_MINUTES, maxEvents: 15 };
				const trigger = poller(world, type, { watch: ['failover'], options });
				trigger.budgetMs = 36_000;
				await trigger.poll();

				const start = world.clock.now();
				const made = new Set<string>();
				const copies = new Map<unknown, number>();
				let crashes = 0;
				const poll = async (crash: boolean) => {
					const before = structuredClone(trigger.staticData);
					const ids = await trigger.ids().catch(() => []);
					for (const id of ids) copies.set(id, (copies.get(id) ?? 0) + 1);
					// n8n starts the workflow and saves the state separately: a crash may come between
					if (!crash) return;
					crashes++;
					trigger.staticData = before;
				};

				for (const step of steps) {
					if (step.do === 'wait') world.clock.advance(step.ms);
					else if (step.do === 'happen') {
						const { ago, visibleIn, routine } = step;
						const inTime = world.clock.now() - ago > start + SECOND;
						const id = happen(world, { ago, visibleIn, kind: routine ? 'routine' : 'failover' });
						if (inTime && !routine) made.add(id);
					} else {
						const sent = world.requests.length;
						const { fault } = step;
						world.latencyMs = step.latency;
						world.interfere = (number) => (fault !== undefined && number >= sent + fault ? { status: 500 } : undefined);
						await poll(step.crash);
					}
				}
				world.interfere = () => undefined;
				world.latencyMs = 0;
				for (let last = 0; last < 12; last++) {
					world.clock.advance(90 * SECOND);
					await poll(false);
				}
				expect([...made].filter((id) => !copies.has(id))).toEqual([]);
				expect(Math.max(1, ...copies.values())).toBeLessThanOrEqual(1 + crashes);
				expect(JSON.stringify(trigger.staticData).length).toBeLessThan(20_000);
			}),
			{ numRuns: 25 },
		);
	},
	300_000,
);
