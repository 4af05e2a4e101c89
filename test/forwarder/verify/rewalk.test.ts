/** Everything that a provider lists is compared with what was stored. */
import type { Source } from '../../../core/contract';
import { arcusWorld, arpioWorld, at, auditApiWorld, type World } from './support';
import { streamOf } from '../../support/streamOf';

let world: World;
afterEach(() => world.end());

describe.each([
	['arcus-erp', arcusWorld, 17],
	['arpio', arpioWorld, 17],
	['auditapi', auditApiWorld, 17],
] as const)('%s', (_name, create, count) => {
	beforeEach(async () => {
		world = create();
		await world.poll();
	});

	test('complete: proven, with what became of every event', async () => {
		const result = await world.verify();
		const { listed } = result.counts!;
		expect(result).toMatchObject({
			verdict: 'proven',
			findings: [{ check: 're-walk', verdict: 'proven' }, ...others(world)],
		});
		expect(listed).toBe(ofSpan(world, result).length);
		expect(listed).toBeGreaterThan(count - 4);
		expect(result.counts).toMatchObject({ waiting: listed, acknowledged: 0, missing: 0, gone: 0, dropped: 0 });
	});

	test('an event that became visible later than promised: broken, with its id and time', async () => {
		const { id, micros } = world.log.all()[5]!;
		await world.lose(id);
		const { verdict, findings, counts } = await world.verify();
		const time = BigInt(micros) * 1000n;
		expect({ verdict, finding: findings[0] }).toMatchObject({
			verdict: 'broken',
			finding: { check: 're-walk', verdict: 'broken', where: [{ id, time, why: 'missing' }] },
		});
		expect(counts).toMatchObject({ missing: 1 });
	});

	test('an event that was stored with another time than it has now is not missing', async () => {
		world.redate(world.log.all()[5]!.id);
		const { verdict, counts } = await world.verify();
		expect({ verdict, missing: counts!.missing }).toEqual({ verdict: 'proven', missing: 0 });
	});

	test('an event that the provider has deleted since is told, and no alarm', async () => {
		// the oldest one: elsewhere a chain of hashes would show the hole
		const { id } = world.log.all()[1]!;
		world.log.remove(id);
		const { verdict, counts } = await world.verify();
		expect({ verdict, gone: counts!.gone }).toEqual({ verdict: 'proven', gone: 1 });
	});
});

function ofSpan({ log }: World, { from, to }: { from?: bigint; to?: bigint }) {
	return log.all().filter(({ micros }) => BigInt(micros) * 1000n >= from! && BigInt(micros) * 1000n < to!);
}

const others = ({ deps }: World) => (deps.integrity ? [{}, {}, {}] : []);

describe('what can be said', () => {
	beforeEach(() => (world = arpioWorld()));

	test('never polled: unknown', async () => {
		expect(await world.verify()).toMatchObject({ verdict: 'unknown', reason: 'it was never polled' });
	});

	test('more was asked for than is known: not proven, and what is known is said', async () => {
		await world.poll();
		const { verdict, reason } = await world.verify({ from: at('2026-01-01T00:00:00Z') });
		expect({ verdict, reason }).toEqual({
			verdict: 'unknown',
			reason: expect.stringMatching(
				/^all \d+ .* but events are known from 2026-02-01T00:00:00Z to 2026-02-11T15:50/,
			) as string,
		});
	});

	test('nothing of what was asked for is known', async () => {
		await world.poll();
		const asked = { from: at('2025-01-01T00:00:00Z'), to: at('2025-02-01T00:00:00Z') };
		expect(await world.verify(asked)).toMatchObject({ verdict: 'unknown', findings: [] });
	});

	test('what was deleted before it could be read is not proven', async () => {
		await world.poll();
		const gap = {
			reason: 'retention' as const,
			from: at('2026-02-05T00:00:00Z'),
			to: at('2026-02-06T00:00:00Z'),
			detail: 'x',
		};
		await streamOf(world.store, { name: 'it', fingerprint: 'f', destinations: ['siem'] }).commit({ gaps: [gap] });
		expect(await world.verify()).toMatchObject({ verdict: 'unknown', gaps: [{}, gap] });
		expect(await world.verify({ from: at('2026-02-07T00:00:00Z') })).toMatchObject({ verdict: 'proven', gaps: [] });
	});

	test('acknowledged, in the outbox and dead letters are told apart', async () => {
		await world.poll();
		const outbox = world.store.outbox('siem');
		const [, first] = await outbox.pending(0, 9);
		const [event] = first!.events;
		const letter = { ...event!, stream: 'it', eventId: event!.id, observed: 1n, reason: 'rejected', detail: '' };
		await outbox.acknowledge([first!], first!.events.length - 1, [letter]);
		const { verdict, counts } = await world.verify();
		const { length } = first!.events;
		expect({ verdict, ...counts }).toMatchObject({
			...{ verdict: 'proven', deadLettered: 1, acknowledged: length - 1 },
			waiting: counts!.listed - length,
		});
	});

	test('what is dropped by configuration is not missing', async () => {
		world.end();
		world = arpioWorld({ dropReads: true });
		await world.poll();
		const { verdict, counts } = await world.verify();
		expect({ verdict, missing: counts!.missing }).toEqual({ verdict: 'proven', missing: 0 });
		expect(counts!.dropped).toBeGreaterThan(0);
	});

	test('what a daemon forgets while this runs is not missing', async () => {
		await world.poll();
		const stream = streamOf(world.store, { name: 'it', fingerprint: 'f', destinations: ['siem'], keepLedger: 0n });
		const { page } = world.deps.source;
		const forgetting: Source = {
			...world.deps.source,
			page: async (...given) => {
				const found = await page(...given);
				await stream.commit({ watermark: at('2026-02-11T15:50:00Z') });
				return found;
			},
		};
		world.deps.source = forgetting;
		const { verdict, counts } = await world.verify();
		expect({ verdict, missing: counts!.missing }).toEqual({ verdict: 'proven', missing: 0 });
		expect(counts!.listed).toBeGreaterThan(0);
	});

	test('is stopped at once, by its signal', async () => {
		await world.poll();
		const { verify } = await import('../../../forwarder/verify/verify');
		await expect(verify(world.deps, {}, AbortSignal.abort('SIGINT'))).rejects.toBe('SIGINT');
	});
});
