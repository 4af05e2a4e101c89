/** PostgreSQL inside the test's own process: its statements, without a server. One connection, so there is nothing to wait for. */
import type * as Pglite from '@electric-sql/pglite';
import { OutcomeUnknown, Refused } from '../../forwarder/store/postgres/errors';
import { BEGIN, INT8, type Queries } from '../../forwarder/store/postgres/queries';

export interface Lite extends Queries {
	close(): Promise<void>;
}

/** Not by the modules of Jest, which refuse what it loads while it starts. */
const { PGlite } = process.getBuiltinModule('node:module').createRequire(`${process.cwd()}/package.json`)(
	'@electric-sql/pglite',
) as typeof Pglite;

export async function startLite(): Promise<Lite> {
	const db = await PGlite.create({ parsers: { [INT8]: BigInt } });
	const refused = (error: unknown): never => {
		const { code, message } = error as { code?: string; message: string };
		throw code ? new Refused(`${message} (${code})`, code) : new OutcomeUnknown(message);
	};
	return {
		query: async <T>(text: string, values: readonly unknown[] = []) =>
			(await db.query<T>(text, [...values]).catch(refused)).rows,
		script: async (text) => void (await db.exec(text).catch(refused)),
		async transaction(purpose, work) {
			const query = async <T>(text: string, values: readonly unknown[] = []) =>
				(await db.query<T>(text, [...values]).catch(refused)).rows;
			await db.exec(BEGIN[purpose]);
			try {
				const result = await work(query);
				await db.exec('COMMIT').catch(refused);
				return result;
			} catch (error) {
				await db.exec('ROLLBACK');
				throw error;
			}
		},
		close: () => db.close(),
	};
}
