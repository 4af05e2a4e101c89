/** What is not urgent is written later, with something else or together. */
import { dr, event, lite, page, type Database } from './support';

let db: Database;

beforeAll(async () => {
	db = await lite();
});
afterAll(() => db.close());
afterEach(() => db.clear());

/** Its one sleeper wakes when it is told to. */
function alarm() {
	let wake: (() => void) | undefined;
	const waits: number[] = [];
	return {
		waits,
		clock: {
			now: () => Date.now(),
			sleep: (ms: number) =>
				new Promise<void>((resolve) => {
					waits.push(ms);
					wake = resolve;
				}),
		},
		ring: () => wake!(),
	};
}

const names = Array.from({ length: 20 }, (_, n) => `s${n}`);
const watermarks = () =>
	db.run<{ watermark: bigint; last_success: bigint | null }>(
		'SELECT watermark, last_success FROM @streams ORDER BY name',
	);

async function polled(options: Parameters<Database['open']>[1]) {
	const store = await db.open(undefined, options);
	const streams = await store.streams(names.map((name) => ({ ...dr, name })));
	for (const stream of streams)
		await stream.commit({ start: 1n, watermark: 1n, gaps: [{ reason: 'collection_start', detail: 'starts' }] });
	const before = db.sent.length;
	for (const [at, stream] of streams.entries()) {
		await stream.commit({ watermark: 7n, walk: null, forgetBelow: 3n });
		await store.notePoll(names[at]!);
	}
	expect(db.sent.length).toBe(before);
	return { store, streams };
}

test('polls that found nothing are written together, in one statement, after five seconds', async () => {
	const { clock, waits, ring } = alarm();
	await polled({ clock });
	expect(waits).toEqual([5_000]);
	const before = db.sent.length;
	ring();
	while (db.sent.length === before) await new Promise(setImmediate);
	await db.run('SELECT 1');
	expect(db.sent.length).toBe(before + 1);
	const rows = await watermarks();
	expect(rows).toHaveLength(20);
	for (const row of rows) expect(row).toEqual({ watermark: 7n, last_success: expect.any(BigInt) as bigint });
});

test('a page of any stream takes them along', async () => {
	const { streams } = await polled({});
	const before = db.sent.length;
	await streams[3]!.commit({ walk: null, watermark: 9n, ...page(event('a', 1n)) });
	expect(db.sent.length).toBe(before + 1);
	expect((await watermarks()).filter(({ watermark }) => watermark === 7n)).toHaveLength(19);
});

test('they are answered from memory at once, and written when the shard is given back', async () => {
	const { store, streams } = await polled({});
	expect(await streams[0]!.load()).toMatchObject({ watermark: 7n });
	await store.close();
	expect((await watermarks()).every(({ watermark }) => watermark === 7n)).toBe(true);
	await expect(streams[0]!.load()).rejects.toThrow(/given back/);
});

test('one that another owner would not know is not written over what that has written', async () => {
	const { store } = await polled({});
	const next = await db.open(await db.take('worker-2'));
	const [stream] = await next.streams([{ ...dr, name: 's0' }]);
	await stream!.commit({ watermark: 11n, ...page(event('a', 1n)) });
	await store.close();
	expect((await watermarks())[0]).toMatchObject({ watermark: 11n });
});
