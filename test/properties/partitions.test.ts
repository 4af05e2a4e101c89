/** I11: a range read in parts that share their boundary instants gives what the whole range gives. */
import fc from 'fast-check';
import { openStore } from '../../forwarder/store/sqlite/store';
import { sweep } from '../../core/walk/stream';
import type { Nanos, Range } from '../../core/contract';
import { readingJson } from '../../core/http/readJson';
import { fromMillis, toMillis } from '../../core/time';
import { simTransport } from '../support/simCall';
import { property } from './tools/check';
import { VirtualClock } from './tools/clock';
import { scratch } from './tools/folder';
import { kinds } from './world/kinds';
import { sims, type SimName, type Switches } from './world/sim';
import { door } from '../support/door';
import { streamOf } from '../support/streamOf';

const NOW = Date.parse('2026-02-11T16:00:00Z');
const SPAN = 10 * 86_400_000;

interface Past {
	sim: SimName;
	fixed: Switches;
	/** Ages in milliseconds; equal ones on purpose. */
	ages: number[];
	/** From and to, in parts of the span. */
	from: number;
	cuts: number[];
	pageSize: number;
	maxPages: number;
}

const past: fc.Arbitrary<Past> = fc.constantFrom<SimName>('arpio', 'arcus', 'auditapi').chain((sim) =>
	fc.record({
		sim: fc.constant(sim),
		fixed: kinds[sim].fixed,
		ages: fc.array(
			fc.oneof(
				fc.nat(SPAN),
				fc.nat(9).map((n) => n * 86_400_000),
			),
			{ maxLength: 30 },
		),
		from: fc.nat(SPAN),
		cuts: fc.array(
			fc.oneof(
				fc.nat(SPAN),
				fc.nat(9).map((n) => n * 86_400_000),
			),
			{ maxLength: 6 },
		),
		pageSize: fc.integer({ min: 1, max: 10 }),
		maxPages: fc.constantFrom(4, 1000),
	}),
);

property('I11: parts of a range deliver what the whole range delivers', past, async (given) => {
	const upper = fromMillis(NOW);
	const lower = fromMillis(NOW - given.from);
	const inner = given.cuts.map((age) => fromMillis(NOW - age)).filter((cut) => cut > lower && cut < upper);
	const bounds = [lower, ...inner.sort((a, b) => (a < b ? -1 : 1)), upper];
	const parts = bounds.slice(1).map((to, index) => ({ lower: bounds[index]!, upper: to }));
	const whole = await read(given, [{ lower, upper }], lower);
	expect(await read(given, parts, lower)).toEqual(whole);
	expect(await read({ ...given, maxPages: 1000 }, parts, lower)).toEqual(whole);
	expect(new Set(whole).size).toBe(whole.length);
	const wanted = given.ages.flatMap((age, index) => (NOW - age >= toMillis(lower) ? [`event-${index}`] : []));
	expect(whole).toEqual(wanted.sort());
	return { events: given.ages.length };
});

async function read({ sim: name, fixed, ages, pageSize, maxPages }: Past, parts: readonly Range[], start: Nanos) {
	const clock = new VirtualClock(NOW);
	const sim = sims[name](clock);
	sim.set(fixed);
	ages.forEach((age, index) => sim.api.log.add(sim.event(`event-${index}`, (NOW - age) * 1000)));
	const call = readingJson(simTransport(sim.api, sim.provider.authorize({ apiKey: sim.apiKey }), sim.basePath), clock);
	const source = sim.provider.source(call, sim.settings, { pageSize }, door);
	const folder = scratch();
	const file = openStore(folder.path, { maxOutboxSize: 1e9, now: () => clock.now() });
	try {
		const store = streamOf(file, { name: 's', fingerprint: 'f', destinations: ['siem'] });
		await store.commit({ start, watermark: fromMillis(NOW) });
		const options = { lateness: 0n, maxPages, keepSeen: 0n };
		for (const range of parts) await endured(() => sweep({ source, store, clock, options }, range), maxPages);
		const batches = await file.outbox('siem').pending(-1, 10_000);
		return batches.flatMap(({ events }) => events.map(({ id }) => id)).sort();
	} finally {
		await file.close();
		folder.remove();
	}
}

/** One instant with more pages than a window may have is an error that says so; what was read is safe anyway. */
async function endured(work: () => Promise<void>, maxPages: number): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (maxPages > 100 || !/does not end/.test((error as Error).message)) throw error;
		fc.pre(false);
	}
}
