/**
 * The streams of a shard, in memory: whoever holds the lease is the only one who writes them. What is not urgent is written with the
 * next commit of the shard, whichever stream that is of.
 */
import type { Interval } from '../../../core/walk/intervals';
import type { Walk } from '../../../core/walk/contract';
import { decode, encode, intervalsForm, keptForm, walkForm } from '../../../core/walk/codec';
import type { Kept, Nanos } from '../../../core/contract';
import { sql, type Sql } from './sql';

export interface StreamRow {
	readonly name: string;
	readonly fingerprint: string;
	readonly settings?: string;
	readonly start?: Nanos;
	readonly watermark?: Nanos;
	readonly walk?: Walk;
	readonly kept?: Kept;
	/** Read by back-fill. */
	readonly covered: readonly Interval[];
	/** Which events were stored is known from here on. */
	readonly ledgerFrom?: Nanos;
	/** Of the ids that count: those of an earlier one were forgotten. */
	readonly generation: number;
	readonly lastSuccess?: Nanos;
	readonly lastError?: string;
	readonly lastErrorAt?: Nanos;
	/** A gap says already that the provider ignores its time filter. */
	readonly filterIgnored: boolean;
}

export class StreamRows {
	readonly #rows: Map<string, StreamRow>;
	/** As they are in the database, where that differs from the memory. */
	readonly #changed = new Set<string>();

	constructor(rows: readonly StreamRow[]) {
		this.#rows = new Map(rows.map((row) => [row.name, row]));
	}

	get names(): string[] {
		return [...this.#rows.keys()];
	}

	get isChanged(): boolean {
		return this.#changed.size > 0;
	}

	find(name: string): StreamRow | undefined {
		return this.#rows.get(name);
	}

	get(name: string): StreamRow {
		const row = this.find(name);
		if (!row) throw new Error(`stream ${name} was not opened`);
		return row;
	}

	/** To be written with whatever is written next. */
	change(name: string, patch: Partial<StreamRow>): void {
		this.set({ ...this.get(name), ...patch });
		this.#changed.add(name);
	}

	/** As it is in the database. */
	set(row: StreamRow): void {
		this.#rows.set(row.name, row);
	}

	/** What a write takes along: all that is not written yet, one of them with a patch that counts when the write has happened. */
	written(shard: number, name?: string, patch: Partial<StreamRow> = {}): { effects: Sql[]; done(): void } {
		const before = new Map([...this.#changed].map((one) => [one, this.get(one)]));
		if (name !== undefined && Object.keys(patch).length > 0) before.set(name, this.get(name));
		if (before.size === 0) return { effects: [], done: () => undefined };
		const rows = [...before.values()].map((row) => (row.name === name ? { ...row, ...patch } : row));
		return {
			effects: [update(rows, shard)],
			done: () => {
				for (const [one, row] of before) {
					// changed again meanwhile: still to be written
					if (this.get(one) === row) this.#changed.delete(one);
				}
				if (name !== undefined) this.set({ ...this.get(name), ...patch });
			},
		};
	}
}

function update(rows: readonly StreamRow[], shard: number): Sql {
	const all = <T>(of: (row: StreamRow) => T | undefined) => rows.map((row) => of(row) ?? null);
	return sql`UPDATE @streams s SET settings = v.settings, start = v.start, watermark = v.watermark, walk = v.walk, kept = v.kept, covered = v.covered,
			ledger_from = v.ledger_from, generation = v.generation, last_success = v.last_success, last_error = v.last_error, last_error_at = v.last_error_at
		FROM fence, unnest(${all(({ name }) => name)}::text[], ${all(({ settings }) => settings)}::text[],
			${all(({ start }) => start)}::bigint[], ${all(({ watermark }) => watermark)}::bigint[],
			${all(({ walk }) => walk && encode(walkForm, walk))}::text[], ${all(({ kept }) => kept && encode(keptForm, kept))}::text[],
			${all(({ covered }) => encode(intervalsForm, covered))}::text[], ${all(({ ledgerFrom }) => ledgerFrom)}::bigint[],
			${all(({ generation }) => generation)}::int[], ${all(({ lastSuccess }) => lastSuccess)}::bigint[],
			${all(({ lastError }) => lastError)}::text[], ${all(({ lastErrorAt }) => lastErrorAt)}::bigint[])
			AS v (name, settings, start, watermark, walk, kept, covered, ledger_from, generation, last_success, last_error, last_error_at)
		WHERE s.name = v.name AND s.shard = ${shard}::int`;
}

type Nullable<T> = { [key in keyof T]: T[key] | null };
type Stored = Nullable<Record<'settings' | 'walk' | 'kept' | 'last_error', string>> &
	Nullable<Record<'start' | 'watermark' | 'ledger_from' | 'last_success' | 'last_error_at', bigint>> & {
		name: string;
		fingerprint: string;
		covered: string;
		generation: number;
		filter_ignored: boolean;
	};

/** Of `@streams s`. */
export const ROW = sql`name, fingerprint, settings, start, watermark, walk, kept, covered, ledger_from, generation,
		last_success, last_error, last_error_at,
		EXISTS (SELECT 1 FROM @gaps g WHERE g.stream = s.name AND g.reason = 'filter_ignored') AS filter_ignored`;

export const rowsOf = (shard: number): Sql => sql`SELECT ${ROW} FROM @streams s WHERE shard = ${shard}::int`;

export function readRow(row: Stored): StreamRow {
	return {
		...{ name: row.name, fingerprint: row.fingerprint, generation: row.generation, filterIgnored: row.filter_ignored },
		covered: decode(intervalsForm, row.covered),
		settings: row.settings ?? undefined,
		walk: row.walk === null ? undefined : decode(walkForm, row.walk),
		kept: row.kept === null ? undefined : decode(keptForm, row.kept),
		start: row.start ?? undefined,
		watermark: row.watermark ?? undefined,
		ledgerFrom: row.ledger_from ?? undefined,
		lastSuccess: row.last_success ?? undefined,
		lastError: row.last_error ?? undefined,
		lastErrorAt: row.last_error_at ?? undefined,
	};
}
