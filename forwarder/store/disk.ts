/** Room on the disk of the state file. */
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes that an ordinary user may still write there. */
export function freeBytes(path: string): number {
	const { bavail, bsize } = statfsSync(dirname(path));
	return bavail * bsize;
}
