/** How fast pages are stored, and what that costs the database: ratios of one run, because the disk decides the rates. */
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { startPostgres } from '../../test/support/postgres';
import { median } from '../measure/usage';
import { connected, openPostgres, openSqlite, type Subject } from './subjects';
import { page } from './events';
import { known } from './known';

const STREAMS = 16;
const SHARDS = 4;
const PAGES = 20;
const ROUNDS = 5;
const POLLS = 13;

export async function main(args: readonly string[]): Promise<number> {
	const rounds = args[0] === undefined ? ROUNDS : Number(args[0]);
	const server = await startPostgres(['shared_buffers=128MB']);
	try {
		const connection = await connected(server.url());
		const lsn = async () => {
			const [row] = await connection.query<{ at: string }>(`SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS at`);
			return Number(row!.at);
		};
		const rates = {
			sqlite: [] as number[],
			postgres: [] as number[],
			acknowledged: { sqlite: [] as number[], postgres: [] as number[] },
		};
		const costs = { wal: [] as number[], cpu: [] as number[] };
		const [sqlite, postgres] = [await openSqlite(STREAMS), await openPostgres(connection, SHARDS, STREAMS)];
		for (const subject of [sqlite, postgres]) await stored(subject, 2);
		for (let round = 0; round < rounds; round++) {
			rates.sqlite.push(await stored(sqlite, PAGES));
			const before = { wal: await lsn(), cpu: databaseCpuMs(server.folder) };
			rates.postgres.push(await stored(postgres, PAGES));
			costs.wal.push(((await lsn()) - before.wal) / (STREAMS * PAGES));
			costs.cpu.push((databaseCpuMs(server.folder) - before.cpu) / (STREAMS * PAGES));
			rates.acknowledged.sqlite.push(await acknowledged(sqlite));
			rates.acknowledged.postgres.push(await acknowledged(postgres));
		}
		await sqlite.close();
		await postgres.close();
		const ratio = (of: { sqlite: number[]; postgres: number[] }) =>
			of.sqlite.map((rate, at) => of.postgres[at]! / rate);
		say('pages stored, times SQLite', ratio(rates), 1.2);
		say('acknowledgements, times SQLite', ratio(rates.acknowledged));
		say(
			'log of the database for a page, kB',
			costs.wal.map((bytes) => bytes / 1000),
			25,
		);
		say('CPU of the database for a page, ms', costs.cpu);
		const empty = await emptyPolls(connection, server.folder, lsn);
		say('CPU of the database for an empty poll, ms', [empty.cpu], 0.05);
		say('log of the database for an empty poll, bytes', [empty.wal]);
		for (const line of await known(connection)) say(line.what, line.values, line.aim);
		connection.close();
		return 0;
	} finally {
		await server.end();
	}
}

function say(what: string, values: readonly number[], aim?: number): void {
	const range = values.length > 1 ? ` (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})` : '';
	process.stdout.write(`${what}: ${median(values).toFixed(3)}${range}${aim === undefined ? '' : `, aim ${aim}`}\n`);
}

/** Pages a second. */
async function stored({ stores }: Subject, pages: number): Promise<number> {
	const streams = stores.flatMap((one) => one.streams);
	const work = streams.map((stream, at) => ({ stream, pages: Array.from({ length: pages }, () => page(`s${at}`)) }));
	const begun = performance.now();
	await Promise.all(
		work.map(async ({ stream, pages }) => {
			for (const [n, one] of pages.entries()) {
				// as a walk does
				await stream.seen(one.seen);
				await stream.commit({
					...one,
					walk: { windows: [{ lower: 1n }], position: { token: `page ${n}` }, pages: n, rejections: 0 },
				});
			}
		}),
	);
	return (streams.length * pages * 1000) / (performance.now() - begun);
}

/** Acknowledgements a second, of two pages each, as a delivery makes them. */
async function acknowledged({ stores }: Subject): Promise<number> {
	let count = 0;
	const begun = performance.now();
	await Promise.all(
		stores.map(async ({ store }) => {
			const outbox = store.outbox('siem');
			for (let batches = await outbox.pending(0, 2); batches.length > 0; batches = await outbox.pending(0, 2)) {
				await outbox.acknowledge(batches, 200);
				count++;
			}
		}),
	);
	return (count * 1000) / (performance.now() - begun);
}

/** As with 10,000 sources that are polled once a minute: what 13 of a shard have found in five seconds is written together. */
async function emptyPolls(connection: Parameters<typeof openPostgres>[0], folder: string, lsn: () => Promise<number>) {
	const sleepers: (() => void)[] = [];
	const clock = { now: () => Date.now(), sleep: () => new Promise<void>((resolve) => sleepers.push(resolve)) };
	let running = 0;
	const counted: typeof connection = {
		...connection,
		async query(text, values) {
			running++;
			return connection.query<never>(text, values).finally(() => running--);
		},
	};
	const { stores, close } = await openPostgres(counted, SHARDS, SHARDS * POLLS, { prefix: 'e', clock });
	for (const { streams } of stores)
		for (const stream of streams)
			await stream.commit({ start: 1n, watermark: 1n, gaps: [{ reason: 'collection_start', detail: 'bench' }] });
	const before = { cpu: databaseCpuMs(folder), wal: await lsn() };
	const rounds = 300;
	for (let round = 0; round < rounds; round++) {
		for (const { store, streams } of stores)
			for (const [at, stream] of streams.entries()) {
				const watermark = BigInt(round + 2);
				await stream.seen([]);
				await stream.commit({ watermark, walk: null, forgetBelow: watermark });
				await store.notePoll(`e${stores.findIndex((one) => one.store === store) + 1}-${at}`);
			}
		for (const wake of sleepers.splice(0)) wake();
		do await setImmediate();
		while (running > 0);
	}
	const polls = rounds * SHARDS * POLLS;
	const spent = { cpu: (databaseCpuMs(folder) - before.cpu) / polls, wal: ((await lsn()) - before.wal) / polls };
	await close();
	return spent;
}

/** All processes of the server, in steps of 10 ms. */
function databaseCpuMs(folder: string): number {
	const used = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map((pid) => processOf(Number(pid)));
	const server = used.find((one) => one?.command.includes(folder));
	const all = used.filter((one) => one && (one.pid === server?.pid || one.parent === server?.pid));
	return all.reduce((sum, one) => sum + one!.ms, server?.ended ?? 0);
}

function processOf(
	pid: number,
): { pid: number; parent: number; command: string; ms: number; ended: number } | undefined {
	try {
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').map(Number);
		const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
		return {
			pid,
			parent: fields[1]!,
			command,
			ms: (fields[11]! + fields[12]!) * 10,
			ended: (fields[13]! + fields[14]!) * 10,
		};
	} catch {
		// it has ended
		return undefined;
	}
}
