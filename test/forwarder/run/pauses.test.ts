/** What a provider has told a process that was killed: its successor asks for nothing before the time is over. */
import type { Call } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { createDomain, polite, type Domain } from '../../../core/http/politeness';
import { createPauses } from '../../../forwarder/run/pauses';
import { StaleLeaseError, type Store } from '../../../forwarder/store/contract';
import { lite, type Database } from '../store/postgres/support';
import { stateFile, type StateFile } from '../../support/stateFile';

let now: number;
/** When the provider was asked. */
let asked: number[];
/** What it wants, at the next request. */
let retryAfterMs: number | undefined;

beforeEach(() => {
	now = Date.parse('2026-02-11T16:00:00Z');
	asked = [];
	retryAfterMs = undefined;
});

const clock = {
	now: () => now,
	sleep: async (ms: number) => {
		now += ms;
	},
};

const provider: Call = async ({ method, path }) => {
	asked.push(now);
	if (retryAfterMs === undefined) return { status: 200, headers: {}, json: {}, raw: '', body: '' } as never;
	const wanted = retryAfterMs;
	retryAfterMs = undefined;
	throw new RequestError({ method, path, kind: 'http', status: 429, retryAfterMs: wanted });
};

const newDomain = () => createDomain({ clock, random: () => 0, retries: 0, requestsPerMinute: 6000 });
const ask = (domain: Domain) => polite(provider, domain)({ method: 'GET', path: '/events' });
const limitsOf = (domain: Domain) => new Map([['arpio key', domain]]);
const settle = () => new Promise<void>((done) => setImmediate(done));

/** A process that is told to wait, and ends without another word. */
async function killedInside(store: Store, ms: number): Promise<void> {
	const domain = newDomain();
	retryAfterMs = ms;
	const pauses = createPauses({ store, clock });
	await pauses.follow(limitsOf(domain));
	await pauses.during(async () => {
		await ask(domain).catch(() => undefined);
		await settle();
	});
}

async function successor(store: Store): Promise<number> {
	const domain = newDomain();
	await createPauses({ store, clock }).follow(limitsOf(domain));
	await ask(domain);
	return asked.at(-1)! - asked.at(-2)!;
}

describe('over a state file', () => {
	let file: StateFile;
	beforeEach(() => (file = stateFile(() => now)));
	afterEach(() => file.remove());

	test('the next process waits until the Retry-After is over that the killed one was given', async () => {
		await killedInside(file.open(), 60_000);
		now += 10_000;
		expect(await successor(file.open())).toBe(60_000);
	});

	test('one that comes after it asks at once', async () => {
		await killedInside(file.open(), 60_000);
		now += 61_000;
		expect(await successor(file.open())).toBe(61_000);
	});

	test('a clock that was set back does not make it wait for longer than any provider may ask for', async () => {
		await killedInside(file.open(), 3_600_000);
		now -= 86_400_000;
		expect(await successor(file.open())).toBe(3_600_000 - 86_400_000);
	});

	test('a pause that is over before anybody starts again is not noted', async () => {
		const store = file.open();
		await killedInside(store, 5_000);
		expect((await store.pauses()).size).toBe(0);
	});

	test('one that could not be noted is noted when the store can again', async () => {
		const store = file.open();
		let failures = 2;
		const limping = {
			...store,
			notePause: async (group: string, ms: number) => {
				if (failures-- > 0) throw new Error('disk I/O error');
				return store.notePause(group, ms);
			},
		};
		await killedInside(limping, 60_000);
		expect(failures).toBe(-1);
		expect((await store.pauses()).size).toBe(1);
	});

	test('whoever has lost the state tries no longer', async () => {
		let tries = 0;
		const lost = { ...file.open(), notePause: async () => Promise.reject(new StaleLeaseError(String(tries++))) };
		await killedInside(lost, 60_000);
		expect(tries).toBe(1);
	});
});

describe('over a database', () => {
	let db: Database;
	beforeAll(async () => {
		db = await lite();
	});
	afterAll(() => db.close());

	test('whoever takes the shard waits until the Retry-After is over that the killed owner was given', async () => {
		const killed = await db.open(await db.take('worker-1'));
		const domain = newDomain();
		retryAfterMs = 60_000;
		const pauses = createPauses({ store: killed, clock });
		await pauses.follow(limitsOf(domain));
		await pauses.during(async () => {
			await ask(domain).catch(() => undefined);
			while ((await killed.pauses()).size === 0) await settle();
		});
		// its clock says something else, and is not asked
		now += 86_400_000;
		const before = now;
		await successor(await db.open(await db.take('worker-2')));
		const waited = asked.at(-1)! - before;
		expect(waited).toBeGreaterThan(30_000);
		expect(waited).toBeLessThanOrEqual(60_000);
	});
});
