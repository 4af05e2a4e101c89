/** The database: a few connections, to whichever host takes writes now, and only to one that keeps what it has committed. */
import type { Clock } from '../../../core/contract';
import { Semaphore } from '../../../core/http/semaphore';
import { parseStateUrl, type StateUrl } from '../../config/stateUrl';
import type { Secret, Tls } from '../../config/types';
import { deadline } from '../../waits';
import { StateError } from '../stateError';
import { isConflict, Refused, Unreachable } from './errors';
import { BEGIN, type Queries } from './queries';
import { concerns, LOOK, takesNone, unsafe, type Server } from './safety';
import { openSession, type Row, type Session } from './session';

export interface ConnectionSettings {
	/** Read again for every new connection: a password may be replaced while we run. */
	url: Secret;
	tls?: Tls;
	/** Connections at the same time. */
	size: number;
	/** For one statement, and for the wait for a free connection. */
	limitMs: number;
}

export interface ConnectionDeps {
	clock: Clock;
	/** At least 0, below 1. */
	random: () => number;
	/** Told about each concern once. */
	warn: (message: string) => void;
}

export interface Connection extends Queries {
	/** Makes one connection, so that a server that must not be used is found at the start. Throws `StateError` or `Unreachable`. */
	open(): Promise<void>;
	/** Connections that are open. */
	size(): number;
	close(): void;
}

/** The server takes no writes: it has become a replica, or somebody has stopped them. */
const READ_ONLY = '25006';
const TRIES = 6;

export function createConnection(settings: ConnectionSettings, deps: ConnectionDeps): Connection {
	const { url, tls, limitMs } = settings;
	const { clock, random, warn } = deps;
	const places = new Semaphore(settings.size);
	const sessions = new Set<Session>();
	const idle: Session[] = [];
	const warned = new Set<string>();
	let isClosed = false;
	/** Where to begin: the host that took the last connection. */
	let first = 0;

	async function opened(): Promise<Session> {
		const checked = parseStateUrl(await url.read(warn));
		if (!checked.ok) throw new Unreachable(`state.url: ${checked.what}`);
		const { hosts } = checked.url;
		const reasons: string[] = [];
		for (let offset = 0; offset < hosts.length; offset++) {
			const at = (first + offset) % hosts.length;
			try {
				const session = await usable(checked.url, hosts[at]!);
				first = at;
				return session;
			} catch (error) {
				if (error instanceof StateError) throw error;
				reasons.push((error as Error).message);
			}
		}
		throw new Unreachable(`the database cannot be reached: ${reasons.join('; ')}`);
	}

	async function usable(to: StateUrl, at: StateUrl['hosts'][number]): Promise<Session> {
		const session = await openSession(to, at, (await tls?.read(warn)) ?? {});
		try {
			const [row] = await session.send(LOOK, [], limitMs);
			const server = row as unknown as Server;
			const place = `${at.host}:${at.port}`;
			const none = takesNone(server);
			if (none !== undefined) throw new Unreachable(`${place}: ${none}`);
			const why = unsafe(server);
			if (why !== undefined) throw new StateError(`${place}: ${why}`);
			// behind a pooler, settings of a session would be those of other programs
			const isDirect = server.pid === session.pid;
			if (isDirect) await session.send(limits(limitMs), [], limitMs);
			for (const concern of concerns(server, isDirect)) {
				if (!warned.has(concern)) warn(`${place}: ${concern}`);
				warned.add(concern);
			}
			sessions.add(session);
			return session;
		} catch (error) {
			session.close();
			throw error;
		}
	}

	async function borrowed<T>(work: (session: Session) => Promise<T>): Promise<T> {
		if (isClosed) throw new Unreachable('the connection to the database is closed');
		if (!(await places.enter(deadline(limitMs))))
			throw new Unreachable(`no connection to the database became free within ${limitMs} ms`);
		try {
			let session = idle.pop();
			while (session && !session.isAlive()) session = idle.pop();
			session ??= await opened();
			try {
				return await work(session);
			} catch (error) {
				if (error instanceof Refused && error.code === READ_ONLY)
					for (const one of [session, ...idle.splice(0)]) one.close();
				throw error;
			} finally {
				if (isClosed) session.close();
				if (session.isAlive()) idle.push(session);
				for (const one of sessions) if (!one.isAlive()) sessions.delete(one);
			}
		} finally {
			places.leave();
		}
	}

	async function send(text: string, values: readonly unknown[]): Promise<Row[]> {
		for (let left = TRIES - 1; ; left--) {
			try {
				return await borrowed((session) => session.send(text, values, limitMs));
			} catch (error) {
				if (left === 0 || !isConflict(error)) throw error;
				await clock.sleep(random() * 100);
			}
		}
	}

	return {
		query: async <T>(text: string, values: readonly unknown[] = []) => (await send(text, values)) as T[],
		script: (text) =>
			borrowed(async (session) => {
				try {
					await session.send(text, [], limitMs);
				} catch (error) {
					// it may be in the middle of a transaction
					session.close();
					throw error;
				}
			}),
		transaction: (purpose, work) =>
			borrowed(async (session) => {
				const query = async <T>(text: string, values: readonly unknown[] = []) =>
					(await session.send(text, values, limitMs)) as T[];
				try {
					await query(BEGIN[purpose]);
					const result = await work(query);
					await query('COMMIT');
					return result;
				} catch (error) {
					// it is in the middle of a transaction
					session.close();
					throw error;
				}
			}),
		open: () => borrowed(async () => undefined),
		size: () => sessions.size,
		close() {
			isClosed = true;
			for (const session of sessions) session.close();
		},
	};
}

/** The server gives up when we do: what nobody waits for any more must hold no lock. */
const limits = (ms: number) =>
	`SET statement_timeout = ${ms}; SET lock_timeout = ${ms}; SET idle_in_transaction_session_timeout = ${ms};
	SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED`;
