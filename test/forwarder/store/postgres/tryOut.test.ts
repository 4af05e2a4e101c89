/** Whether a role could keep a state in a database. */
import { isSetUp, migrate } from '../../../../forwarder/store/postgres/schema';
import { tryDatabase } from '../../../../forwarder/store/postgres/tryOut';
import { startLite, type Lite } from '../../../support/pglite';

let db: Lite;
beforeAll(async () => {
	db = await startLite();
	await db.script('CREATE ROLE plain; SET ROLE plain');
});
afterAll(() => db.close());

const asAdmin = async (text: string) => db.script(`RESET ROLE; ${text}; SET ROLE plain`);

test('a role that may not set it up is told what it needs', async () => {
	await expect(tryDatabase(db, 'relay')).rejects.toThrow(/cannot be set up .*; the role needs CREATE on the database/);
});

test('a role that may leaves nothing behind', async () => {
	await asAdmin('CREATE SCHEMA relay AUTHORIZATION plain');
	expect(await tryDatabase(db, 'relay')).toBe('to be set up');
	expect(await isSetUp(db, 'relay')).toBe(false);
});

test('what is there already belongs to the role', async () => {
	await migrate(db, 'relay');
	expect(await tryDatabase(db, 'relay')).toBe('set up');
});

test('one that lacks leases is refused: made anew they would count from 0', async () => {
	await db.script('CREATE TABLE relay.others AS SELECT * FROM relay.shards; DELETE FROM relay.shards WHERE shard > 60');
	await expect(tryDatabase(db, 'relay')).rejects.toThrow(
		/the schema relay of the database is not whole \(table shards has 61 of 64 rows\).*Restore all of it/,
	);
	await db.script(
		'DELETE FROM relay.shards; INSERT INTO relay.shards SELECT * FROM relay.others; DROP TABLE relay.others',
	);
	await db.script('CREATE TABLE relay.others AS SELECT * FROM relay.meta; DELETE FROM relay.meta');
	await expect(tryDatabase(db, 'relay')).rejects.toThrow(/is not whole \(table meta is empty\)/);
	await db.script('INSERT INTO relay.meta SELECT * FROM relay.others; DROP TABLE relay.others');
});

test('what is up to date can be opened by a role that may only look', async () => {
	await asAdmin(
		'CREATE ROLE looker; GRANT USAGE ON SCHEMA relay TO looker; GRANT SELECT ON ALL TABLES IN SCHEMA relay TO looker',
	);
	await db.script('RESET ROLE; SET ROLE looker');
	await expect(migrate(db, 'relay')).resolves.toEqual({ shards: 64 });
	await db.script('RESET ROLE; SET ROLE plain');
});

test('what another role has set up is refused, with both ways out', async () => {
	await asAdmin('CREATE SCHEMA other; GRANT USAGE ON SCHEMA other TO plain');
	await db.script('RESET ROLE');
	await migrate(db, 'other');
	await db.script('GRANT SELECT ON ALL TABLES IN SCHEMA other TO plain; SET ROLE plain');
	await expect(tryDatabase(db, 'other')).rejects.toThrow(
		/belong to postgres, and the role plain may not change them; use that role in state\.url, or GRANT postgres TO plain/,
	);
});

test('a role that may make no tables there is told so', async () => {
	await asAdmin('ALTER SCHEMA relay OWNER TO postgres; GRANT USAGE ON SCHEMA relay TO plain');
	await expect(tryDatabase(db, 'relay')).rejects.toThrow(
		'the role plain may make no tables in the schema relay; GRANT USAGE, CREATE ON SCHEMA relay TO plain',
	);
});

test('a state of a newer program is refused', async () => {
	await asAdmin('GRANT CREATE ON SCHEMA relay TO plain; UPDATE relay.meta SET schema = 99, oldest = 99');
	await expect(tryDatabase(db, 'relay')).rejects.toThrow(
		/brought to version 99, .*use the version of the other workers/,
	);
});
