/** One connection to one server. Whatever cannot be told apart from a success is an unknown outcome, and ends the connection. */
import type { ClientConfig } from 'pg';
import type { Pem } from '../../config/types';
import type { StateUrl } from '../../config/stateUrl';
import { after } from '../../waits';
import { OutcomeUnknown, Refused, Unreachable } from './errors';
import { INT8 } from './queries';

export type Row = Record<string, unknown>;

export interface Session {
	/** Process id as the server said it when the connection was made. A pooler says another one than the server's own. */
	readonly pid: number | undefined;
	isAlive(): boolean;
	/** Throws `Refused` or `OutcomeUnknown`. Answers no later than after `limitMs`. */
	send(text: string, values: readonly unknown[], limitMs: number): Promise<Row[]>;
	/** At once, also in the middle of a statement. */
	close(): void;
}

const CONNECT_MS = 2000;
/** Before the first probe of a connection on which nothing moves. */
const KEEP_ALIVE_MS = 10_000;

/** Throws `Unreachable`. */
export async function openSession(
	url: StateUrl,
	{ host, port }: StateUrl['hosts'][number],
	pem: Pem,
): Promise<Session> {
	// only who keeps the state in a database loads the library
	const { default: pg } = await import('pg');
	const parserOf = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => (value: string) => unknown;
	const client = new pg.Client({
		...{ host, port, user: url.user, database: url.database, ssl: encryption(url.tls, pem) },
		// a function, because otherwise the library looks into the environment and the home folder
		password: async () => {
			if (url.password === undefined) throw new Error('the server asks for a password, and the URL has none');
			return url.password;
		},
		connectionTimeoutMillis: CONNECT_MS,
		keepAlive: true,
		keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
		application_name: 'audit-relay',
		types: { getTypeParser: (oid, format) => (Number(oid) === INT8 ? BigInt : parserOf(oid, format)) },
	});
	let isAlive = true;
	const ended = new Set<() => void>();
	const end = () => {
		isAlive = false;
		for (const tell of ended) tell();
	};
	client.on('error', end).on('end', end);
	// what answers the ping of an ended connection is of no interest
	const close = () => void client.end().catch(() => undefined);
	try {
		await client.connect();
	} catch (error) {
		close();
		throw new Unreachable(`${host}:${port}: ${reason(error)}`);
	}

	return {
		pid: (client as unknown as { processID?: number }).processID,
		isAlive: () => isAlive,
		close: () => {
			isAlive = false;
			close();
		},
		send: (text, values, limitMs) =>
			new Promise((resolve, reject) => {
				const settle = (outcome: () => void) => {
					cancel();
					ended.delete(lost);
					outcome();
				};
				const giveUp = (why: string) =>
					settle(() => {
						isAlive = false;
						close();
						reject(new OutcomeUnknown(`${host}:${port}: ${why}; the statement may have taken effect`));
					});
				const lost = () => giveUp('the connection was lost');
				// a client that waits for an answer can do nothing else any more
				const cancel = after(limitMs, () => giveUp(`no answer within ${limitMs} ms`));
				ended.add(lost);
				client.query(text, [...values], (error: Error | null, result) => {
					if (!error) return settle(() => resolve((result.rows ?? []) as Row[]));
					const { code } = error as { code?: unknown };
					if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return giveUp(reason(error));
					// after a lesser error the server is ready for more; what ends the connection may have come after the commit
					client.once('drain', () =>
						settle(() => reject(new Refused(`${host}:${port}: ${error.message} (${code})`, code))),
					);
				});
			}),
	};
}

function encryption(tls: StateUrl['tls'], pem: Pem): ClientConfig['ssl'] {
	if (tls === 'none') return false;
	const { ca, cert, key } = pem;
	const own = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
	if (tls === 'full') return own;
	// as libpq reads it: who names an authority wants it to be checked
	return tls === 'authority' || ca
		? { ...own, checkServerIdentity: () => undefined }
		: { ...own, rejectUnauthorized: false };
}

/** In the server's or the system's words, which hold no password: neither knows it. */
function reason(error: unknown): string {
	const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
	if (errors?.length) return reason(errors[0]);
	return message || code || 'unknown error';
}
