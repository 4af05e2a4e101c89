/** Reads and checks an exported state. */
import * as z from 'zod';
import { EXPORT_FORMAT, EXPORT_VERSION, NEW_TABLES, TABLE_NAMES, TABLES, type TableName } from './exportShape';
import { renewedBatch, renewedStream } from './former';
import { regrouped } from './regroup';

/** The file cannot be imported; the message says what is wrong with it and where. */
export class ImportError extends Error {
	override name = 'ImportError';
}

export type Imported = Record<TableName, Record<string, unknown>[]>;

const Head = z.looseObject({ format: z.literal(EXPORT_FORMAT), version: z.int() });

const File = z.strictObject({
	format: z.literal(EXPORT_FORMAT),
	version: z.literal(EXPORT_VERSION),
	exportedAt: z.string(),
	...Object.fromEntries(TABLE_NAMES.map((table) => [table, listOf(table)])),
});

function listOf(table: TableName) {
	const list = z.array(TABLES[table] as z.ZodType);
	return NEW_TABLES.has(table) ? list.default([]) : list;
}

/** Throws `ImportError`. */
export function readExport(text: string): Imported {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		throw new ImportError('is not JSON, or was cut off');
	}
	const head = Head.safeParse(json);
	if (!head.success) throw new ImportError('is not a state that `audit-relay state export` wrote');
	const { version } = head.data;
	if (version !== EXPORT_VERSION) {
		throw new ImportError(`was written in version ${version} of the format; this audit-relay reads ${EXPORT_VERSION}`);
	}
	const checked = File.safeParse(renewed(json));
	if (!checked.success) throw new ImportError(problemsOf(checked.error));
	const imported = checked.data as unknown as Imported;
	return {
		...imported,
		streams: imported.streams.map((row) => ({ ...row, ...regrouped(row['settings']) })),
	};
}

function renewed(json: unknown): unknown {
	const { streams, batches, ...rest } = json as Record<'streams' | 'batches', unknown>;
	const each = (rows: unknown, renew: (row: unknown) => unknown) => (Array.isArray(rows) ? rows.map(renew) : rows);
	return { ...rest, streams: each(streams, renewedStream), batches: each(batches, renewedBatch) };
}

const SHOWN_PROBLEMS = 5;

function problemsOf({ issues }: z.ZodError): string {
	const lines = issues.slice(0, SHOWN_PROBLEMS).map(({ path, message, ...issue }) => {
		const place = path.reduce<string>(
			(all, part) => all + (typeof part === 'number' ? `[${part}]` : `.${String(part)}`),
			'',
		);
		const what = 'keys' in issue ? `unknown: ${issue.keys.join(', ')}` : message;
		return `${place.slice(1)}: ${what}`;
	});
	const more = issues.length - SHOWN_PROBLEMS;
	return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n  ');
}
