import type { OwnedState, StateAdmin } from '../../../../forwarder/store/admin';
import type { Store } from '../../../../forwarder/store/contract';
import { adminOf } from '../../../../forwarder/store/postgres/admin';
import { ownedOf } from '../../../../forwarder/store/postgres/owned';
import { adminConformance } from '../adminConformance';
import { ownedConformance } from '../ownedConformance';
import { storeConformance } from '../conformance';
import { lite, SCHEMA, type Database } from './support';

let db: Database;
let current: Store | undefined;

beforeAll(async () => {
	db = await lite();
});

afterAll(() => db.close());

afterEach(async () => {
	await current?.close();
	current = undefined;
	await db.clear();
});

async function open({ maxOutboxSize = 1e9 } = {}): Promise<Store> {
	await current?.close();
	return (current = await db.open(undefined, { maxOutboxSize }));
}

/** Of the shard whose owner tells what people did. */
async function owner(): Promise<Store> {
	await current?.close();
	return (current = await db.open(await db.take('worker-1', 0)));
}

/** Beside a worker that is alive: its beat goes on while the command looks. */
async function beside(): Promise<StateAdmin> {
	await db.run(
		`INSERT INTO @workers VALUES ('worker-9', 1, 1, 0, false, false, false, '1', 2, 'c', 'h') ON CONFLICT DO NOTHING`,
	);
	const sleep = async () => void (await db.run('UPDATE @workers SET beat = beat + 1'));
	const close = () => undefined;
	return adminOf(db, { ...{ schema: SCHEMA, beatMs: 1000, close }, clock: { now: () => 99, sleep } });
}

/** With the shards that it asks for. */
function own(): OwnedState {
	const clock = { now: () => 99, sleep: async () => undefined };
	return ownedOf(db, {
		...{ schema: SCHEMA, beatMs: 1000, clock, close: () => undefined },
		shardOf: () => () => 0,
		hold: async (shards, work) => work(await Promise.all(shards.map((shard) => db.take('cli', shard)))),
	});
}

describe('the Postgres store', () => {
	ownedConformance(() => ({ open: owner, own }));
	adminConformance(() => ({ open: owner, noticed: owner, beside }));
	storeConformance(() => ({ open, takeOver: async () => void (await db.take('worker-2')), forgetsAtOnce: false }));
});
