/**
 * Writes of one shard, by whoever holds its lease: one statement each, one after the other. The statement itself compares the whole lease,
 * also the number of the last commit: a database that went back to an earlier moment has an owner with a later one in its memory.
 */
import { StaleLeaseError } from '../contract';
import type { Lease } from '../lease';
import { isDatabaseError } from './errors';
import type { Queries } from './queries';
import { joined, named, sql, statement, type Sql } from './sql';

export type Row = Record<string, unknown>;

export interface Write {
	/** Each reads `FROM fence`, which has the number of this commit, or nothing when the lease is another's. */
	effects: readonly Sql[];
	/** What else is to be returned, as `expression AS name`. */
	returning?: readonly Sql[];
	/** When it is durable. */
	done?(seq: number, row: Row): void;
}

export class Fence {
	readonly #queries: Pick<Queries, 'query'>;
	readonly #schema: string;
	#lease: Lease;
	#ended?: StaleLeaseError;
	/** The last write, whatever becomes of it. */
	#last: Promise<unknown> = Promise.resolve();

	constructor(queries: Pick<Queries, 'query'>, schema: string, lease: Lease) {
		this.#queries = queries;
		this.#schema = schema;
		this.#lease = lease;
	}

	get lease(): Lease {
		return this.#lease;
	}

	/** Throws when the lease has ended. */
	check(): void {
		if (this.#ended) throw this.#ended;
	}

	/** Nothing of this shard is believed any more; whoever takes it again reads it anew. */
	end(why: string, cause?: unknown): StaleLeaseError {
		const { shard, epoch } = this.#lease;
		this.#ended ??= new StaleLeaseError(`the lease of shard ${shard} (epoch ${epoch}) has ended: ${why}`, { cause });
		return this.#ended;
	}

	async read<T = Row>(what: Sql): Promise<T[]> {
		this.check();
		const { text, values } = statement(what, this.#schema);
		return this.#queries.query<T>(text, values);
	}

	/** For what needs no number of its own. Reads `FROM held`, which is empty when the lease is another's. Returns what it says. */
	async aside(effects: readonly Sql[], returning: Sql, upTo = 0): Promise<Row> {
		this.check();
		const { seq: _, ...lease } = this.#lease;
		const held = sql`SELECT 1 FROM @shards WHERE ${isOf(lease)} AND ${reaches(upTo)}`;
		const [row] = await this.#settled(sql`WITH held AS (${held}), ${named(effects)} SELECT ${returning}`);
		return row!;
	}

	/** `prepare` looks at the memory when the writes before it are done. Undefined: there is nothing to write. */
	write(prepare: () => Write | undefined | Promise<Write | undefined>): Promise<void> {
		const written = this.#last.then(async () => {
			this.check();
			const write = await prepare();
			if (write) await this.#write(write);
		});
		this.#last = written.catch(() => undefined);
		return written;
	}

	async #write({ effects, returning = [], done }: Write): Promise<void> {
		const lease = this.#lease;
		const fence = sql`UPDATE @shards SET seq = seq + 1 WHERE ${isOf(lease)} AND ${isAt(lease)} RETURNING seq`;
		const answer = joined([sql`seq`, ...returning], ', ');
		const all = effects.length > 0 ? sql`, ${named(effects)}` : sql``;
		const [row] = await this.#settled(sql`WITH fence AS (${fence})${all} SELECT ${answer} FROM fence`);
		if (!row) throw this.end('another process has taken it, or the database has gone back to an earlier moment');
		this.#lease = { ...this.#lease, seq: Number(row['seq'] as bigint) };
		done?.(this.#lease.seq, row);
	}

	/** Whoever does not know whether a write has happened must not go on from what it remembers. */
	async #settled(what: Sql): Promise<Row[]> {
		const { text, values } = statement(what, this.#schema);
		try {
			return await this.#queries.query(text, values);
		} catch (error) {
			if (isDatabaseError(error) && error.tookEffect === 'no') throw error;
			throw this.end(`whether a write has happened is unknown (${(error as Error).message})`, error);
		}
	}
}

function isOf({ shard, epoch, owner }: Omit<Lease, 'seq'>): Sql {
	return joined([sql`shard = ${shard}::int`, sql`epoch = ${epoch}::bigint`, sql`owner = ${owner}::text`], ' AND ');
}

/** Nothing was committed since, and what was committed is still there. */
const isAt = ({ seq }: Lease): Sql => sql`seq = ${seq}::bigint`;

/** What is acknowledged is still there: after a failover another batch could get its number. */
const reaches = (seq: number): Sql => sql`seq >= ${seq}::bigint`;
