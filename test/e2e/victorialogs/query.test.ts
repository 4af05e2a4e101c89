/** What an analyst finds in a real log database: exactly the events that happened, by what, who and when. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../support/command';
import { type OtlpRecord } from '../../support/otlp';
import { scene, type Scene } from '../../support/scene';
import { scratchFolder } from '../../support/scratch';
import { providerEvents, referenceRecords, uidOf, withDestination } from '../support/reference';
import { startVictoriaLogs, victoriaLogs, type LogDatabase } from './victoriaLogs';

let here: Scene;
let database: LogDatabase;
let reference: OtlpRecord[];

beforeAll(async () => {
	victoriaLogs();
	here = await scene();
	database = await startVictoriaLogs(scratchFolder());
	here.configure(withDestination('name: victorialogs', `endpoint: ${database.otlp}`));
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	reference = [...referenceRecords(here.sandbox).values()];
	await database.flush();
}, 1_200_000);
afterAll(async () => {
	await database?.kill();
	await here?.end();
});

/** A query finds the records for which `fits` is true, each once, and there are some, and others. */
async function finds(query: string, fits: (record: OtlpRecord) => boolean): Promise<void> {
	const expected = reference.filter(fits).map(uidOf).sort();
	expect(expected.length).toBeGreaterThan(0);
	expect(expected.length).toBeLessThan(reference.length);
	const found = await database.query(query);
	expect(found.map((row) => row['log.record.uid']).sort()).toEqual(expected);
}

test('everything, each once, its text byte for byte', async () => {
	const rows = await database.query('*');
	expect(rows.map((row) => row['log.record.uid']).sort()).toEqual(reference.map(uidOf).sort());
	const bodies = new Map(rows.map((row) => [row['log.record.uid'], row['_msg']]));
	const events = providerEvents(here.sandbox);
	expect(events.size).toBeGreaterThan(50);
	for (const [uid, raw] of events) expect(bodies.get(uid)).toBe(raw);
});

test.each(['failover', 'dr_test', 'access', 'config', 'data'])('by category: %s', async (category) => {
	await finds(`"audit.category":="${category}"`, ({ attributes }) => attributes['audit.category'] === category);
});

test('by actor', async () => {
	const actors = new Set(reference.map(({ attributes }) => attributes['audit.actor.id']).filter(Boolean));
	expect(actors.size).toBeGreaterThan(3);
	for (const actor of actors) {
		await finds(`"audit.actor.id":="${actor as string}"`, ({ attributes }) => attributes['audit.actor.id'] === actor);
	}
});

test('by time range, to the microsecond', async () => {
	const times = reference.map(({ time }) => time).sort((a, b) => Number(a - b));
	const [from, to] = [times[10]!, times[30]!];
	await finds(`_time:[${iso(from)}, ${iso(to)}]`, ({ time }) => time >= from && time <= to);
	await finds(`_time:(${iso(from)}, ${iso(to)}]`, ({ time }) => time > from && time <= to);
});

test('by outcome within one provider, and by what should wake somebody', async () => {
	await finds(
		'"service.name":="arcus" "audit.outcome":!="success"',
		({ resource, attributes }) => resource['service.name'] === 'arcus' && attributes['audit.outcome'] !== 'success',
	);
	await finds('"audit.alert":="page"', ({ attributes }) => attributes['audit.alert'] === 'page');
});

test('after a restart everything is still found', async () => {
	await database.stop();
	database = await database.again();
	const rows = await database.query('*');
	expect(rows.map((row) => row['log.record.uid']).sort()).toEqual(reference.map(uidOf).sort());
});

test('what is older than the database keeps is dropped with a 200, unless maxEventAge makes dead letters of it', async () => {
	const other = await scene();
	const forgetful = await startVictoriaLogs(scratchFolder(), '7d');
	try {
		const ship = async (...more: string[]) => {
			other.configure(withDestination('name: victorialogs', `endpoint: ${forgetful.otlp}`, ...more));
			expect(await run(['run', '--once'], other.options)).toMatchObject({ code: 0 });
			await forgetful.flush();
			const events = providerEvents(other.sandbox);
			return (await forgetful.query('*')).filter((row) => events.has(row['log.record.uid']!)).length;
		};
		const letters = async () => {
			const { stdout } = await run(['dead-letters', 'list', '--json'], other.options);
			return (JSON.parse(stdout) as { total: number }).total;
		};
		expect([await ship(), await letters()]).toEqual([0, 0]);
		rmSync(join(other.folder, 'audit-relay.db'));
		expect([await ship('maxEventAge: 7d'), await letters()]).toEqual([0, providerEvents(other.sandbox).size]);
	} finally {
		await forgetful.kill();
		await other.end();
	}
});

/** RFC 3339 with nanoseconds. */
function iso(nanos: bigint): string {
	const seconds = new Date(Number(nanos / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
	return `${seconds}.${String(nanos % 1_000_000_000n).padStart(9, '0')}Z`;
}
