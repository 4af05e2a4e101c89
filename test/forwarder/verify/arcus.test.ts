/** The hash chain, the counts and the provider's own verification, where Arcus ERP offers them and where it does not. */
import { arcusEntry } from '../../../sandbox/arcus/events';
import { arcusSandboxKey } from '../../../sandbox/arcus/keys';
import type { Finding } from '../../../forwarder/verify/result';
import { arcusWorld, type ArcusWorld } from './support';

let world: ArcusWorld;
afterEach(() => world.end());

async function polled(...given: Parameters<typeof arcusWorld>): Promise<ArcusWorld> {
	world = arcusWorld(...given);
	await world.poll();
	return world;
}

const verdicts = (findings: readonly Finding[]) =>
	Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));

/** Changes the text of the entry at this place of the log, and returns its id. */
function tamper(index: number, edit: (raw: string) => string): string {
	const { id, raw } = world.log.all()[index]!;
	world.log.tamper(id, edit(raw));
	return id;
}

const withHash = (name: 'prev_hash' | 'entry_hash', value: string) => (raw: string) =>
	raw.replace(new RegExp(`("${name}": ?)"\\w+"`), `$1${value}`);

test('an intact log: everything is proven', async () => {
	await polled();
	const { verdict, findings } = await world.verify();
	expect(verdicts(findings)).toEqual({ 're-walk': 'proven', chain: 'proven', count: 'proven', provider: 'proven' });
	expect(verdict).toBe('proven');
	expect(findings.map(({ detail }) => detail)).toEqual([
		'all 16 listed events were stored',
		'15 links between 16 entries, none of them broken',
		expect.stringMatching(/^the provider counts \d+ entries, as many as it lists$/),
		expect.stringMatching(/^the provider walked \d+ rows for 16 entries and found no break$/),
	]);
});

test.each([
	['the link of an entry was changed', 7, withHash('prev_hash', '"00"'), 7],
	['the hash of an entry was changed', 7, withHash('entry_hash', '"00"'), 8],
] as const)('%s: broken, and where', async (_what, index, edit, loose) => {
	await polled();
	tamper(index, edit);
	const { verdict, findings } = await world.verify();
	expect(verdict).toBe('broken');
	expect(verdicts(findings)).toEqual({ 're-walk': 'proven', chain: 'broken', count: 'proven', provider: 'broken' });
	const { id } = world.log.all()[loose]!;
	expect(findings[1]!.where).toEqual([
		{
			id,
			time: expect.any(BigInt) as bigint,
			why: expect.stringMatching(/^follows \w+, which is missing$/) as string,
		},
	]);
});

test('a changed text with all its hashes: only the provider can tell', async () => {
	await polled();
	const id = tamper(6, (raw) => raw.replace(/"action": ?"[^"]+"/, '"action": "order.updated"'));
	const { verdict, reason, findings } = await world.verify();
	expect({ verdict, reason }).toEqual({
		verdict: 'broken',
		reason: `the provider says its chain is broken at ${id}: entry_hash_mismatch`,
	});
	expect(findings[3]).toMatchObject({ check: 'provider', where: [{ id, why: 'entry_hash_mismatch' }] });
});

test('an entry was taken out: the next one follows an entry that is missing', async () => {
	await polled();
	const [before, after] = [world.log.all()[8]!, world.log.all()[9]!];
	world.log.remove(before.id);
	const { verdict, findings, counts } = await world.verify();
	expect(verdict).toBe('broken');
	expect(findings[1]).toMatchObject({ check: 'chain', verdict: 'broken', where: [{ id: after.id }] });
	expect(counts).toMatchObject({ gone: 1, missing: 0 });
});

test('verify and stats answer 501: unknown, and the re-walk proves', async () => {
	await polled({ switches: { verify: 'not-implemented', stats: 'not-implemented' } });
	const { verdict, findings } = await world.verify();
	expect(verdicts(findings)).toEqual({ 're-walk': 'proven', chain: 'proven', count: 'unknown', provider: 'unknown' });
	expect(verdict).toBe('proven');
});

test('the chain is hidden from the key: unknown, never an alarm', async () => {
	await polled({ switches: { chain: 'hidden' } });
	const { verdict, findings } = await world.verify();
	expect(findings[1]).toEqual({ check: 'chain', verdict: 'unknown', detail: 'the key is not shown the hash chain' });
	expect(verdict).toBe('proven');
});

test('one entry shows no hash: its links cannot be followed, which is unknown', async () => {
	await polled({ switches: { verify: 'not-implemented' } });
	tamper(5, withHash('entry_hash', 'null'));
	const { findings } = await world.verify();
	expect(findings[1]).toMatchObject({ check: 'chain', verdict: 'unknown' });
});

test('a key that sees its own entries only: holes in the chain are not an alarm', async () => {
	const count = new Map<string, number>();
	const probe = arcusWorld();
	for (const event of probe.log.all()) {
		const { id } = probe.log.parsed(event)['actor'] as { id: string };
		if (id) count.set(id, (count.get(id) ?? 0) + 1);
	}
	probe.end();
	const [actorId] = [...count].sort((a, b) => b[1] - a[1])[0]!;
	await polled({ key: { ...arcusSandboxKey, scopes: ['audit:read:own'], actorId } });
	const { verdict, findings } = await world.verify();
	expect(verdicts(findings)).toMatchObject({ 're-walk': 'proven', chain: 'unknown' });
	expect(verdict).toBe('proven');
});

test('entries of one instant, and entries that are dated before the one they follow', async () => {
	await polled();
	const minutes = [10, 10, 10, 7, 12, 12];
	for (const [index, minute] of minutes.entries()) {
		const micros = (world.clock.now() + minute * 60_000) * 1000;
		world.log.add(arcusEntry(world.log, { id: `new-${index}`, micros }));
	}
	world.clock.advance(3_600_000);
	await world.poll();
	const { findings } = await world.verify();
	expect(verdicts(findings)).toMatchObject({ 're-walk': 'proven', chain: 'proven' });
});

test('the first entry of what was asked for follows one before it', async () => {
	await polled();
	const { micros } = world.log.all()[9]!;
	const { findings } = await world.verify({ from: BigInt(micros) * 1000n });
	expect(findings[1]).toMatchObject({ check: 'chain', verdict: 'proven' });
});

test('entries that cannot be shipped are entries of the chain anyway', async () => {
	// without the provider's own walk: to it the text was changed
	world = arcusWorld({ switches: { verify: 'not-implemented' } });
	const dateless = tamper(5, (raw) => raw.replace(/"created_at": ?"[^"]+"/, '"created_at":"soon"'));
	await world.poll();
	// as of an answer that was too large: what is left of the entry
	const oversized = world.log.all()[9]!.id;
	const { source } = world.deps;
	world.deps.source = {
		...source,
		async page(...asked) {
			const { events, invalid, ...page } = await source.page(...asked);
			const cut = events.filter(({ id }) => id === oversized).map((event) => ({ ...event, reason: 'too large' }));
			return { ...page, events: events.filter(({ id }) => id !== oversized), invalid: [...invalid, ...cut] };
		},
	};
	const { findings, counts } = await world.verify();
	expect(dateless).not.toBe(oversized);
	expect(counts).toMatchObject({ unreadable: 2, missing: 0 });
	expect(verdicts(findings)).toMatchObject({ chain: 'proven', count: 'proven' });
});
