/** Files that may be replaced while we run: keys and certificates. Whatever is read from a file passes here. */
import { readFile, stat } from 'node:fs/promises';

/** Says which reference or file cannot be used and why; never holds what is in it. */
export class SecretError extends Error {
	override name = 'SecretError';
}

export type Warn = (message: string) => void;

/** A wrong path (a log, a device) must not fill the memory. */
const MAX_BYTES = 1024 * 1024;

/**
 * Its content as it is now. Read each time: a file that was rotated can have the size and the times of the one before.
 * Throws `SecretError`.
 */
export async function contentOf(path: string, place: string, maxBytes = MAX_BYTES): Promise<string> {
	try {
		const info = await stat(path);
		if (!info.isFile()) throw new SecretError(`${place} is not a regular file`);
		if (info.size > maxBytes) throw new SecretError(`${place} is larger than ${maxBytes} bytes`);
		return textOf(await readFile(path), place);
	} catch (error) {
		if (error instanceof SecretError) throw error;
		throw new SecretError(`${place} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
	}
}

/** As editors of all systems write it: a byte order mark is not part of the text. Throws `SecretError`. */
export function textOf(bytes: Buffer, place: string): string {
	if (['fffe', 'feff'].includes(bytes.toString('hex', 0, 2))) {
		throw new SecretError(`${place} is written in UTF-16, as some Windows programs do`);
	}
	return new TextDecoder().decode(bytes);
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
