/** The socket by which commands reach the running process. Whoever may open it may do everything: only the user who runs it, and root. */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createAnswering, listening, type Listening, type ServerOptions } from './server';

/** What the kernel takes in bytes, with the zero at its end: 108 on Linux, 104 on macOS and BSD. */
const LONGEST_PATH = 103;

export interface SocketPlace {
	/** `control.socket`, absolute. */
	socket?: string;
	/** Of the state; absent for a database. */
	statePath?: string;
	/** Of the configuration. */
	configPath: string;
	env: Readonly<Record<string, string | undefined>>;
}

/** The same for the process and for commands. */
export function socketPath({ socket, statePath, configPath, env }: SocketPlace): string {
	const id = createHash('sha256').update(resolve(configPath)).digest('hex').slice(0, 16);
	if (process.platform === 'win32') return `\\\\.\\pipe\\audit-relay-${id}`;
	if (socket !== undefined) return socket;
	const beside = statePath === undefined ? undefined : `${statePath}.sock`;
	if (beside !== undefined && Buffer.byteLength(beside) <= LONGEST_PATH) return beside;
	return join(privateFolder(env), `${id}.sock`);
}

/** Of this user alone, for what cannot lie beside the state. */
function privateFolder(env: SocketPlace['env']): string {
	const runtime = env['XDG_RUNTIME_DIR'];
	return runtime ? join(runtime, 'audit-relay') : join(tmpdir(), `audit-relay-${process.getuid?.() ?? 0}`);
}

/** Why there is no socket. The process works without. */
export class NoSocket extends Error {
	override name = 'NoSocket';
}

export interface ControlSocket extends Listening {
	readonly path: string;
}

/** Throws `NoSocket`. */
export async function openSocket(place: SocketPlace, options: ServerOptions): Promise<ControlSocket> {
	const path = socketPath(place);
	if (process.platform !== 'win32') prepareFolder(path, privateFolder(place.env));
	const { server, close } = createAnswering(options);
	const listen = () => listening(server, () => withoutOthers(() => server.listen(path)));
	try {
		await listen().catch(async (error: unknown) => {
			if (codeOf(error) !== 'EADDRINUSE') throw error;
			if (!lstatSync(path).isSocket()) throw new NoSocket(`${path}: is a file that is not a socket`);
			if (await answers(path)) throw new NoSocket(`${path}: another process answers there`);
			unlinkSync(path);
			await listen();
		});
		if (process.platform !== 'win32') chmodSync(path, 0o600);
	} catch (error) {
		await close();
		if (error instanceof NoSocket) throw error;
		throw new NoSocket(`${path}: a socket cannot be made there (${codeOf(error) ?? 'unknown reason'})`);
	}
	return { path, close };
}

function prepareFolder(path: string, own: string): void {
	if (Buffer.byteLength(path) > LONGEST_PATH)
		throw new NoSocket(`${path}: is longer than the ${LONGEST_PATH} bytes that a socket may have`);
	const folder = dirname(path);
	if (folder !== own) return;
	try {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
	} catch (error) {
		throw new NoSocket(`${folder}: cannot be made (${codeOf(error) ?? 'unknown reason'})`);
	}
	if (!isOurs(folder)) throw new NoSocket(`${folder}: belongs to somebody else, or others may write to it`);
}

/** Others could have put something there to be taken for this process. */
function isOurs(folder: string): boolean {
	const info = lstatSync(folder);
	return info.isDirectory() && info.uid === process.getuid?.() && (info.mode & 0o022) === 0;
}

/** Nobody else may open what is made meanwhile, not even for a moment. */
function withoutOthers(make: () => void): void {
	if (process.platform === 'win32') return make();
	const before = process.umask(0o177);
	try {
		make();
	} finally {
		process.umask(before);
	}
}

/** False: nobody listens there any more, or it is no socket. */
function answers(path: string): Promise<boolean> {
	return new Promise((done) => {
		const connection = createConnection(path);
		connection.once('connect', () => {
			connection.destroy();
			done(true);
		});
		connection.once('error', (error) => done(codeOf(error) === 'EAGAIN'));
	});
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
