/** The process that runs with this configuration, for commands that ask it. */
import { request, type IncomingMessage } from 'node:http';
import type { StatePlace } from '../config/types';
import type { ApiError } from '../server/api/types';
import { USER_HEADER } from '../server/http/doors';
import { socketPath, type SocketPlace } from '../server/socket';
import type { Context } from './context';
import { CommandFailed } from './exit';
import type { Io } from './io';

/** What it refuses is thrown as `CommandFailed`, in its own words. */
export interface RunningProcess {
	/** @param path with what is asked: `/api/v1/sources?limit=10` */
	get<T>(path: string): Promise<T>;
	post<T>(path: string, body?: unknown): Promise<T>;
	delete<T>(path: string): Promise<T>;
	/** Server-sent events, until the process ends or the signal aborts. */
	events(path: string, signal: AbortSignal): AsyncGenerator<ServerEvent>;
}

export interface ServerEvent {
	/** `message` unless it has a name. */
	event: string;
	data: unknown;
}

export function socketOf(
	{ control, database, state, path }: Pick<StatePlace, 'control' | 'database' | 'state'> & { path: string },
	{ env }: Pick<Io, 'env'>,
): SocketPlace {
	return { ...control, ...(!database && { statePath: state.path }), configPath: path, env };
}

type Asking = Pick<Io, 'env' | 'user' | 'stop'>;

/** Throws `CommandFailed` when none answers. */
export async function runningProcess({ statePlace, configPath }: Context, io: Asking): Promise<RunningProcess> {
	const path = socketPath(socketOf({ ...(await statePlace()), path: configPath }, io));
	const running = processAt(path, configPath, io);
	await running.get('/livez');
	return running;
}

function processAt(socket: string, configPath: string, io: Asking): RunningProcess {
	const ask = (method: string, path: string, { body, signal }: { body?: unknown; signal?: AbortSignal } = {}) =>
		new Promise<IncomingMessage>((resolve, reject) => {
			const text = body === undefined ? undefined : JSON.stringify(body);
			const headers = {
				[USER_HEADER]: io.user(),
				...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
			};
			const asked = request({ socketPath: socket, path, method, headers, ...(signal && { signal }) }, resolve);
			asked.on('error', (error) => reject(signal?.aborted ? error : nobody(error, socket, configPath)));
			asked.end(text);
		});

	async function json<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await ask(method, path, { body, signal: io.stop });
		return (await contentOf(response)) as T;
	}

	return {
		get: (path) => json('GET', path),
		post: (path, body = {}) => json('POST', path, body),
		delete: (path) => json('DELETE', path),
		async *events(path, signal) {
			const response = await ask('GET', path, { signal });
			if (response.statusCode !== 200) await contentOf(response);
			yield* eventsOf(response, signal);
		},
	};
}

async function contentOf(response: IncomingMessage): Promise<unknown> {
	let text = '';
	for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
	const isJson = response.headers['content-type']?.startsWith('application/json');
	const content: unknown = isJson ? JSON.parse(text) : text;
	if (response.statusCode! < 400) return content;
	if (!isJson || !(content as Partial<ApiError>).error) return content;
	const { what, fix } = (content as ApiError).error;
	throw new CommandFailed(fix === undefined ? what : `${what.replace(/\.$/, '')}. ${fix}`);
}

async function* eventsOf(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<ServerEvent> {
	let rest = '';
	try {
		for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
			const blocks = (rest + chunk).split('\n\n');
			rest = blocks.pop()!;
			for (const block of blocks) {
				const found = eventIn(block);
				if (found) yield found;
			}
		}
	} catch (error) {
		// the process has ended, or whoever reads has
		if (!signal.aborted && (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
	}
}

/** Undefined: a sign of life. */
function eventIn(block: string): ServerEvent | undefined {
	const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line));
	const of = (name: string) => fields.flatMap((field) => (field?.[1] === name ? [field[2]!] : []));
	const data = of('data');
	if (data.length === 0) return undefined;
	return { event: of('event')[0] ?? 'message', data: JSON.parse(data.join('\n')) };
}

function nobody(error: NodeJS.ErrnoException, socket: string, configPath: string): Error {
	switch (error.code) {
		case 'ENOENT':
		case 'ECONNREFUSED':
			return new CommandFailed(
				`no audit-relay runs with the configuration ${configPath} on this machine (nothing answers at ${socket}). Start it: audit-relay run. If one runs and state or control have changed in the file since it started, restart it, or put them back`,
			);
		case 'EACCES':
		case 'EPERM':
			return new CommandFailed(
				`${socket}: this user may not open it; run the command as the user that runs audit-relay, or as root`,
			);
		default:
			return error;
	}
}
