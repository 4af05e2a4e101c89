/** The configuration that the forwarder is measured with: one source, one destination, everything else as it comes. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KINDS } from '../servers/shapes';
import type { Task } from '../subjects/task';

interface Given extends Pick<Task, 'shape' | 'provider' | 'receiver' | 'compression' | 'folder'> {
	/** By a declaration instead of by code. */
	isDeclared?: boolean;
}

/** Returns its path. */
export function configFile({ shape, provider, receiver, compression, folder, isDeclared = false }: Given): string {
	const path = join(folder, 'audit-relay.yaml');
	const lines = [
		'server: { enabled: false }',
		'destinations:',
		'  - name: bench',
		`    endpoint: ${receiver}`,
		`    compression: ${compression}`,
		'sources:',
		'  - name: bench',
		`    provider: ${isDeclared ? resolve(`sandbox/${shape}/${shape}.provider.yaml`) : shape}`,
		`    baseUrl: ${provider}`,
		...Object.entries(KINDS[shape].settings).map(([key, value]) => `    ${key}: ${value}`),
		"    apiKey: '${env:BENCH_KEY}'",
		'    start: 60d',
		// a walk of its own
		'    reconcile: { enabled: false }',
		// a real provider allows far less; what is measured here is what happens between two requests
		'    rateLimit: { requestsPerMinute: 100000 }',
	];
	writeFileSync(path, `${lines.join('\n')}\n`);
	return path;
}
