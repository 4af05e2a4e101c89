/** I10: page size, interval and headers decide how events are read, never which. */
import { arpio } from '../../providers/arpio/provider';
import fc from 'fast-check';
import { fingerprint } from '../../forwarder/config/fingerprint';
import type { SourceConfig } from '../../forwarder/config/types';
import { property } from './tools/check';
import type { Command, Setup } from './world/commands';
import { kinds } from './world/kinds';
import type { SimName } from './world/sim';
import { delivered, ROUNDS } from './world/story';

const MINUTE = 60_000;
const promised: fc.Arbitrary<Command> = fc.record({
	do: fc.constant('add' as const),
	when: fc.record({
		kind: fc.constant('late' as const),
		by: fc.constantFrom(0, 0.5, 1),
		hidden: fc.constantFrom(0, 0.5, 1),
	}),
	count: fc.integer({ min: 1, max: 5 }),
	grain: fc.constantFrom(1, 1_000_000),
	invalid: fc.constant(false),
});
const pause: fc.Arbitrary<Command> = fc.record({ do: fc.constant('wait' as const), ms: fc.nat(5 * MINUTE) });

const story = fc.record({
	sim: fc.constantFrom<SimName>('arpio', 'arcus', 'auditapi'),
	events: fc.array(fc.oneof(promised, promised, pause), { minLength: 1, maxLength: 10 }),
	history: fc.array(fc.nat(3_600_000), { maxLength: 10 }),
});
const settings = fc.record({
	pageSize: fc.integer({ min: 1, max: 50 }),
	pollEvery: fc.integer({ min: 1, max: 5 }),
	latencyMs: fc.constantFrom(0, 1000),
	/** Other settings from here on. */
	changed: fc.record({ at: fc.nat(9), pageSize: fc.integer({ min: 1, max: 50 }), intervalMs: fc.nat(600_000) }),
});

property(
	'I10: other settings deliver the same events',
	fc.tuple(story, settings, settings),
	async ([told, one, other]) => {
		const ids = await delivered(setup(told, one));
		expect(await delivered(setup(told, other))).toEqual(ids);
		expect(new Set(ids).size).toBe(ids.length);
		const count = told.events.reduce((sum, event) => sum + (event.do === 'add' ? event.count : 0), told.history.length);
		expect(ids.filter((id) => id.startsWith('event-'))).toHaveLength(count + ROUNDS);
	},
);

function setup(
	{ sim, events, history }: typeof story extends fc.Arbitrary<infer T> ? T : never,
	{ pageSize, pollEvery, latencyMs, changed }: typeof settings extends fc.Arbitrary<infer T> ? T : never,
): Setup {
	const commands = events.flatMap((command, index): Command[] => [
		command,
		...(index === changed.at ? [{ do: 'reconfigure' as const, ...changed }] : []),
		...(index % pollEvery === 0 ? [{ do: 'poll' as const, during: [] }] : []),
	]);
	return {
		sim,
		history,
		pageSize,
		latencyMs,
		commands,
		fixed: fixedOf(sim),
		minute: 700,
		startAgoMs: 7_200_000,
		skewMs: 0,
		undated: false,
		retentionMs: Infinity,
		reconcile: false,
		outboxLimit: 1e9,
		faults: [],
		focus: '',
	};
}

const fixedOf = (sim: SimName) => fc.sample(kinds[sim].fixed, { seed: 1, numRuns: 1 })[0]!;

test('I10: none of these settings makes another stream of it', () => {
	const config = {
		provider: arpio,
		baseUrl: 'https://x',
		settings: { accountId: 'a' },
		sizes: { pageSize: 1 },
		dropReads: false,
	};
	const print = (changes: object) => fingerprint({ ...config, ...changes } as unknown as SourceConfig);
	const same = print({});
	expect(print({ sizes: { pageSize: 50 } })).toBe(same);
	expect(print({ pollIntervalMs: 1, rateLimit: { requestsPerMinute: 1 }, secrets: {}, headers: { a: 'b' } })).toBe(
		same,
	);
	expect(print({ settings: { accountId: 'b' } })).not.toBe(same);
});
