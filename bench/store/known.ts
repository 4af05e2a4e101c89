/** How long it takes to look for the ids of a page among a million: of a list in order of time, and of one without order. */
import type { Connection } from '../../forwarder/store/postgres/connection';
import { packed } from '../../forwarder/store/packedIds';
import { hashOf } from '../../forwarder/store/idFilter';
import { openPostgres } from './subjects';

const PAGE = 100;
const PAGES = 10_000;
/** What a source lists again: the last of them. */
const AGAIN = 200;

export async function known(connection: Connection) {
	const lines: { what: string; values: number[]; aim?: number }[] = [];
	for (const [nature, timeOf] of [
		['in order', (page: number, n: number) => page * PAGE + n],
		['without order', (page: number, n: number) => n * PAGES + ((page * 7919) % PAGES)],
	] as const) {
		const prefix = nature.replaceAll(' ', '-');
		const name = `${prefix}1-0`;
		const all = Array.from({ length: PAGES }, (_, page) =>
			Array.from({ length: PAGE }, (_, n) => ({ id: `${nature}-${page}-${n}`, time: BigInt(timeOf(page, n)) })),
		);
		for (let from = 0; from < PAGES; from += 500) await insert(connection, name, all.slice(from, from + 500), from);
		const { stores, close } = await openPostgres(connection, 1, 1, { prefix });
		const stream = stores[0]!.streams[0]!;
		lines.push({
			what: `first look among a million ids, ${nature}, ms`,
			values: [await timed(() => stream.seen([{ id: 'new', time: 1n }]))],
		});
		const repeats: number[] = [];
		for (const one of all.slice(-AGAIN)) repeats.push(await timed(() => stream.seen(one)));
		lines.push({
			what: `a page that is listed again, first time after a takeover, ${nature}, ms`,
			values: repeats.slice(),
			aim: 2,
		});
		const again: number[] = [];
		for (const one of all.slice(-AGAIN)) again.push(await timed(() => stream.seen(one)));
		lines.push({ what: `a page that is listed again, ${nature}, ms`, values: again, aim: 2 });
		const fresh: number[] = [];
		for (let n = 0; n < AGAIN; n++)
			fresh.push(
				await timed(() => stream.seen(Array.from({ length: PAGE }, (_, at) => ({ id: `fresh-${n}-${at}`, time: 1n })))),
			);
		lines.push({ what: `a new page, ${nature}, ms`, values: fresh, aim: 2 });
		await close();
	}
	return lines;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
	const begun = performance.now();
	await work();
	return performance.now() - begun;
}

async function insert(
	connection: Connection,
	stream: string,
	pages: readonly { id: string; time: bigint }[][],
	from: number,
): Promise<void> {
	const rows = pages.map((events) => packed(events.map(({ id, time }) => ({ ...hashOf(id), time, dropped: false }))));
	const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
	await connection.query(
		`INSERT INTO audit_relay.pages (day, shard, seq, stream, generation, low, high, n, dropped, times, hashes, others)
		 SELECT (now() AT TIME ZONE 'UTC')::date, 1, -seq, $1, 0, low, high, ${PAGE}, 0, decode(times, 'hex'), decode(hashes, 'hex'), ''
		 FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[]) v (seq, low, high, times, hashes)`,
		[
			stream,
			rows.map((_, at) => String(from + at + 1)),
			rows.map(({ low }) => String(low)),
			rows.map(({ high }) => String(high)),
			rows.map(({ times }) => hex(times)),
			rows.map(({ hashes }) => hex(hashes)),
		],
	);
}
