import type { Store } from '../../../../forwarder/store/contract';
import { storeConformance } from '../conformance';
import { lite, type Database } from './support';

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

describe('the Postgres store', () => {
	storeConformance(() => ({ open, takeOver: async () => void (await db.take('worker-2')), forgetsAtOnce: false }));
});
