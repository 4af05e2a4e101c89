/** The form that a daemon runs by itself, and what receivers get of it. */
import { createEncoder } from '../../../forwarder/records/records';
import type { Item } from '../../../forwarder/records/item';
import { createVerifier, type VerifyNotice } from '../../../forwarder/run/scheduledVerify';
import type { Source } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { recordsOf } from '../../support/otlp';
import { arcusWorld, arpioWorld, type World } from '../verify/support';

let world: World;
afterEach(() => world.end());

const EVERY = 24 * 3_600_000;

/** Lets the verifier run until it has reported so often. */
async function run(times: number, source: Source = world.deps.source): Promise<VerifyNotice[]> {
	const notices: VerifyNotice[] = [];
	const stop = new AbortController();
	const verifier = createVerifier({
		...world.deps,
		provider: { settings: {} },
		...{ source, everyMs: EVERY, pollIntervalMs: 60_000, random: () => 0 },
		verdicts: world.store.verdicts({ name: 'it', destinations: ['siem'] }),
		report: (notice) => {
			notices.push(notice);
			if (notices.length === times) stop.abort();
		},
	});
	await verifier.run(stop.signal);
	return notices;
}

/** The records of all checks, and of the gaps beside them, oldest first. */
async function shipped(): Promise<Item[]> {
	const encode = createEncoder({ version: '0', origin: () => ({ provider: world.provider, tenant: 't' }) });
	const batches = await world.store.outbox('siem').pending(0, 99);
	return batches
		.filter(({ events }) => events.length === 0)
		.flatMap((batch) => encode(batch))
		.slice(1);
}

const summary = async () => (await world.store.summary()).streams[0]!;

test('proven: an INFO record with counts, and the verdict for status', async () => {
	world = arcusWorld();
	await world.poll();
	const before = world.clock.now();
	expect(await run(1)).toMatchObject([{ kind: 'verified', result: { verdict: 'proven' } }]);
	const records = await shipped();
	expect(recordsOf(records)).toMatchObject([
		{
			...{ eventName: 'audit_relay.verify', severityNumber: 9 },
			attributes: {
				'log.record.uid': 'audit-relay:verify:it:2026-02-11T16:00:00.000000Z',
				'audit.source': 'arcus',
				'audit.category': 'other',
				'audit.alert': 'none',
				'audit.verify.verdict': 'proven',
				'audit.verify.rewalk': 'proven',
				'audit.verify.provider': 'proven',
				'audit.verify.from': '2026-02-09T15:55:00.000000Z',
				'audit.verify.to': '2026-02-11T15:55:00.000000Z',
				'audit.verify.missing': 0,
			},
		},
	]);
	expect(JSON.parse(records[0]!.raw)).toMatchObject({ verdict: 'proven', findings: [{}, {}, {}, {}] });
	expect(await summary()).toMatchObject({ lastVerdict: 'proven', lastVerdictAt: BigInt(before) * 1_000_000n, gaps: 1 });
});

test('a lost event: an ERROR record that notifies, and one gap record however often it is found', async () => {
	world = arpioWorld();
	await world.poll();
	const { id } = world.log.all()[5]!;
	await world.lose(id);
	await run(1);
	world.clock.advance(EVERY / 2);
	await run(1);
	const records = recordsOf(await shipped());
	expect(records.map(({ eventName }) => eventName)).toEqual([
		'audit_relay.verify',
		'audit_relay.gap',
		'audit_relay.verify',
	]);
	expect(records[0]).toMatchObject({
		severityNumber: 17,
		attributes: { 'audit.alert': 'notify', 'audit.verify.missing': 1 },
	});
	expect(records[1]!.attributes).toMatchObject({ 'audit.gap.reason': 'skipped' });
	expect(records[1]!.body).toContain(id);
	expect(await summary()).toMatchObject({ lastVerdict: 'broken', gapReasons: { skipped: 1 } });
});

test('the provider calls its chain broken: FATAL, and somebody is paged', async () => {
	world = arcusWorld();
	await world.poll();
	const { id, raw } = world.log.all()[8]!;
	world.log.tamper(id, raw.replace(/"action": ?"[^"]+"/, '"action": "order.updated"'));
	await run(1);
	const [record, gap] = recordsOf(await shipped());
	expect(record).toMatchObject({ severityNumber: 21, severityText: 'FATAL', attributes: { 'audit.alert': 'page' } });
	expect(gap!.attributes).toMatchObject({ 'audit.gap.reason': 'chain_break' });
});

test('the next one comes after its time, also over a restart', async () => {
	world = arpioWorld();
	await world.poll();
	const begun = world.clock.now();
	await run(1);
	expect(world.clock.now() - begun).toBeLessThan(EVERY);
	const notices = await run(2);
	expect(notices).toHaveLength(2);
	expect(world.clock.now() - begun).toBeGreaterThanOrEqual(EVERY);
});

test('a clock that was a year ahead at the last verdict does not put off the next one', async () => {
	world = arpioWorld();
	await world.poll();
	const YEAR = 365 * 86_400_000;
	world.clock.advance(YEAR);
	await run(1);
	world.clock.advance(-YEAR);
	const begun = world.clock.now();
	await run(2);
	expect(world.clock.now() - begun).toBeGreaterThanOrEqual(EVERY);
	expect(world.clock.now() - begun).toBeLessThan(2 * EVERY);
});

test('a provider that does not answer is asked again soon, and nothing is recorded', async () => {
	world = arpioWorld();
	await world.poll();
	let failing = true;
	const source: Source = {
		...world.deps.source,
		page: (...given) => {
			if (!failing) return world.deps.source.page(...given);
			failing = false;
			throw new RequestError({ kind: 'network', method: 'GET', path: '/', code: 'ECONNRESET' });
		},
	};
	const begun = world.clock.now();
	expect(await run(2, source)).toMatchObject([
		{ kind: 'failed', failure: { kind: 'transient' } },
		{ kind: 'verified', result: { verdict: 'proven' } },
	]);
	expect(world.clock.now() - begun).toBeLessThan(60_000);
	expect(await shipped()).toHaveLength(1);
});

test('waits until there is something final', async () => {
	world = arpioWorld();
	const stop = new AbortController();
	let sleeps = 0;
	const verifier = createVerifier({
		...world.deps,
		provider: { settings: {} },
		...{ everyMs: EVERY, pollIntervalMs: 60_000, random: () => 0 },
		verdicts: world.store.verdicts({ name: 'it', destinations: ['siem'] }),
		clock: { ...world.clock, sleep: async () => void (++sleeps === 3 && stop.abort()) },
		report: () => {
			throw new Error('nothing to report');
		},
	});
	await verifier.run(stop.signal);
	expect(sleeps).toBe(3);
});
