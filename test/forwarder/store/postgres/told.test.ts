import { openTold } from '../../../../forwarder/store/postgres/told';
import { toldConformance } from '../toldConformance';
import { lite, SCHEMA, type Database } from './support';

let database: Database;
beforeAll(async () => (database = await lite()));
beforeEach(() => database.clear());
afterAll(() => database.close());

toldConformance(() => openTold(database, SCHEMA));

test('one worker tells at a time, until it has ended or its time is over', async () => {
	const told = openTold(database, SCHEMA);
	expect(await told.begin('ops', 'a', 60_000)).toBe(true);
	expect(await told.begin('ops', 'a', 60_000)).toBe(true);
	expect(await told.begin('ops', 'b', 60_000)).toBe(false);
	expect(await told.begin('page', 'b', 60_000)).toBe(true);
	await told.end('ops', 'b');
	expect(await told.begin('ops', 'b', 60_000)).toBe(false);
	await told.end('ops', 'a');
	expect(await told.begin('ops', 'b', 60_000)).toBe(true);
	await database.run("UPDATE @tellers SET since = now() - interval '61 s'");
	expect(await told.begin('ops', 'a', 60_000)).toBe(true);
});
