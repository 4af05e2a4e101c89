/** Replaces files in the way that is hardest to notice: the size and the times stay. */
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';

const SIZE = 800;

/** Padded, so that all of them have the same size. */
export function place(path: string, text: string): void {
	writeFileSync(path, text.padEnd(SIZE, '\n'));
}

export function rotate(path: string, text: string): void {
	const { atime, mtime, size } = statSync(path);
	writeFileSync(path, text.padEnd(size, '\n'));
	utimesSync(path, atime, mtime);
	if (statSync(path).size !== size) throw new Error(`${readFileSync(path).length} bytes are too many for this test`);
}
