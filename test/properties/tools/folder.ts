/** A state file for one run, in memory where the system has a place for that: every commit waits for the disk. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';

export function scratch(): { path: string; remove: () => void } {
	const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'audit-relay-property-'));
	return { path: join(folder, 'state.db'), remove: () => rmSync(folder, { recursive: true }) };
}
