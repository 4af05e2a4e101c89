/** Files that may be replaced while we run: keys and certificates. Whatever is read from a file passes here. */
import { readFileSync, statSync, type Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Semaphore } from '../../core/http/semaphore';

/** Says which reference or file cannot be used and why; never holds what is in it. */
export class SecretError extends Error {
	override name = 'SecretError';

	constructor(
		message: string,
		readonly fix?: string,
		/** What the operating system called it, where it said no. */
		readonly code?: string,
	) {
		super(message);
	}
}

export type Warn = (message: string) => void;

/** A wrong path (a log, a device) must not fill the memory. */
const MAX_BYTES = 1024 * 1024;

interface Reading {
	maxBytes?: number;
	decode?: (bytes: Buffer, place: string) => string;
}

/** So many are open at once: thousands of sources have thousands, and a process may not. */
const places = new Semaphore(64);

/**
 * Its content as it is now. Read each time: a file that was rotated can have the size and the times of the one before.
 * Throws `SecretError`.
 */
export async function contentOf(
	path: string,
	place: string,
	{ maxBytes = MAX_BYTES, decode = textOf }: Reading = {},
): Promise<string> {
	await places.enter();
	try {
		checkForm(await stat(path), place, maxBytes);
		return decode(await readFile(path), place);
	} catch (error) {
		throw unreadable(error, place);
	} finally {
		places.leave();
	}
}

/** The same at once, for hundreds of small files: one turn of a busy process for each would take seconds. Throws `SecretError`. */
export function contentNow(
	path: string,
	place: string,
	{ maxBytes = MAX_BYTES, decode = textOf }: Reading = {},
): string {
	try {
		checkForm(statSync(path), place, maxBytes);
		return decode(readFileSync(path), place);
	} catch (error) {
		throw unreadable(error, place);
	}
}

/** Before it is opened: a pipe lets nobody go on until somebody writes into it. */
function checkForm(info: Stats, place: string, maxBytes: number): void {
	if (!info.isFile()) throw new SecretError(`${place} is not a regular file`);
	if (info.size > maxBytes) throw new SecretError(`${place} is larger than ${maxBytes} bytes`);
}

function unreadable(error: unknown, place: string): SecretError {
	if (error instanceof SecretError) return error;
	const { code = 'unknown error' } = error as NodeJS.ErrnoException;
	return new SecretError(`${place} cannot be read (${code})`, undefined, code);
}

const UTF_8 = 'Save it as UTF-8';

/** As editors of all systems write it: a byte order mark is not part of the text. Throws `SecretError`. */
export function textOf(bytes: Buffer, place: string): string {
	if (['fffe', 'feff'].includes(bytes.toString('hex', 0, 2))) {
		throw new SecretError(`${place} is written in UTF-16, as some Windows programs do`, UTF_8);
	}
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		// what it holds would be other characters than those that were meant
		throw new SecretError(`${place} is not written in UTF-8`, UTF_8);
	}
}

/**
 * What `read` gave last for as long as it throws `SecretError`, and `warn` is told so once: a file that is being replaced is
 * missing, empty or cut off for a moment. Throws when there was nothing yet.
 */
export function lastGood<T>(read: () => Promise<T>, first?: T): (warn?: Warn) => Promise<T> {
	let good = first;
	let told = false;
	return async (warn) => {
		try {
			good = await read();
			told = false;
		} catch (error) {
			if (good === undefined || !(error instanceof SecretError)) throw error;
			if (!told) warn?.(`${error.message}; its last good content is used until that is fixed`);
			told = true;
		}
		return good;
	};
}
