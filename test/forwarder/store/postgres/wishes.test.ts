import { Beside } from '../../../../forwarder/store/postgres/beside';
import { pauseSources, resumeSources } from '../../../../forwarder/store/postgres/paused';
import { followWishes, wish } from '../../../../forwarder/store/postgres/wishes';
import { lite, SCHEMA, type Database } from './support';

let db: Database;
let state: Beside;

beforeAll(async () => {
	db = await lite();
	state = new Beside(db, SCHEMA);
});
afterAll(() => db.close());
afterEach(() => db.clear());

const ann = { by: 'ann', at: 77n };

test('each worker finds what is wanted once, and nothing that was wanted before it began', async () => {
	await wish(state, { kind: 'poll', source: 'old' }, ann);
	const [one, other] = [followWishes(db, SCHEMA), followWishes(db, SCHEMA)];
	expect([await one(), await other()]).toEqual([
		{ paused: [], wishes: [] },
		{ paused: [], wishes: [] },
	]);
	await wish(state, { kind: 'poll', source: 'dr' }, ann);
	await wish(state, { kind: 'probe', destination: 'siem' }, ann);
	const wishes = [
		{ kind: 'poll', source: 'dr' },
		{ kind: 'probe', destination: 'siem' },
	];
	expect(await one()).toEqual({ paused: [], wishes });
	expect(await one()).toEqual({ paused: [], wishes: [] });
	expect(await other()).toEqual({ paused: [], wishes });
});

test('what is paused is seen at every look', async () => {
	const look = followWishes(db, SCHEMA);
	await pauseSources(state, ['dr', 'erp'], undefined, ann);
	expect((await look()).paused.toSorted()).toEqual(['dr', 'erp']);
	await resumeSources(state, ['dr'], ann);
	expect((await look()).paused).toEqual(['erp']);
});
