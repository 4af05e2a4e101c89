/** A temporary folder that is gone when the test file has ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

afterAll(() => {
	for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function scratchFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-'));
	made.push(folder);
	return folder;
}
