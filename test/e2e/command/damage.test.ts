/** Bits that the disk flips in what waits: through the built command, until everything has arrived as the provider has it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { run } from '../../support/command';
import { scene, type Scene } from '../../support/scene';

jest.setTimeout(120_000);

let here: Scene;
beforeEach(async () => (here = await scene()));
afterEach(() => here.end());

const path = () => join(here.folder, 'audit-relay.db');
const command = (...args: string[]) => run(args, here.options);

/** One bit in the middle of what a batch stores, in the file itself. */
function flip(find: (db: DatabaseSync) => Uint8Array): void {
	const db = new DatabaseSync(path());
	db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE');
	const stored = find(db);
	db.close();
	const file = readFileSync(path());
	let found = 0;
	// pages that are free hold older copies
	for (let at = file.indexOf(stored); at >= 0; at = file.indexOf(stored, at + 1)) {
		file[at + Math.floor(stored.length / 2)]! ^= 4;
		found += 1;
	}
	expect(found).toBeGreaterThan(0);
	writeFileSync(path(), file);
}

/** What of it lies in one piece: longer values go on in other pages. */
const piece = (value: unknown) => {
	const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value as Uint8Array);
	return bytes.subarray(20, Math.min(bytes.length - 4, 80));
};
const column = (name: string) => (db: DatabaseSync) =>
	piece(
		db
			.prepare(`SELECT ${name} AS value FROM batches WHERE events <> '[]' ORDER BY length(events) DESC LIMIT 1`)
			.get()?.['value'],
	);

test.each(['texts', 'events'])(
	'a bit in the %s of a waiting batch: nothing altered is shipped, and all of it arrives',
	async (name) => {
		here.sandbox.receiver!.setAnswers(() => ({ kind: 'status', status: 401 }));
		expect(await command('run', '--once')).toMatchObject({ code: 1 });
		expect(await command('state', 'check')).toMatchObject({ code: 0 });
		flip(column(name));
		expect(await command('state', 'check')).toMatchObject({
			code: 1,
			stdout: expect.stringContaining('batches') as string,
		});
		expect(await command('state', 'export', '--output', 'state.json')).toMatchObject({
			code: 1,
			stderr: expect.stringContaining('not whole') as string,
		});

		here.sandbox.receiver!.setAnswers(undefined);
		await command('run', '--once');
		expect(await command('run', '--once')).toMatchObject({ code: 0 });
		const { arpio, arcus, auditapi } = here.sandbox;
		const all = Object.entries({ arpio, arcus, auditapi }).flatMap(([label, { api }]) =>
			api.log.all().map(({ id }) => `${label}:${id}`),
		);
		const arrived = here.sandbox.receiver!.stored.filter(({ eventName }) => eventName !== 'audit_relay.gap');
		expect(new Set(arrived.map(({ attributes }) => attributes['log.record.uid']))).toEqual(new Set(all));
		expect(here.sandbox.receiver!.stored.map(({ attributes }) => attributes['audit.gap.reason'])).toContain(
			'state_lost',
		);
		expect(await command('state', 'check')).toMatchObject({
			code: 0,
			stdout: expect.stringContaining('set aside') as string,
		});
	},
);
