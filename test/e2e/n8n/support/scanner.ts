/** n8n's own scan of community packages, on what it would see of one: its sources, or what is published. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { installed, NODE } from '../../support/installed';

export interface Scan {
	readonly passed: boolean;
	readonly message?: string;
	readonly details?: string;
}

/** Call it at the top of a test file: the first time it takes longer than a hook may. */
export function installScan(): (folder: string, kind: 'source' | 'package') => Scan {
	const scanner = installed('@n8n/scan-community-package', '0.32.0');
	return (folder, kind) => {
		const args = [resolve('test/e2e/n8n/support/scan.mjs'), scanner, folder, kind];
		// in a test the rules take every file for a node
		const env = { ...process.env, NODE_ENV: '' };
		return JSON.parse(execFileSync(NODE, args, { encoding: 'utf8', env })) as Scan;
	};
}
