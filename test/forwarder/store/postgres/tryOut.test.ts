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
