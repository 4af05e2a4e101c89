/** How long n8n takes to load each file of the pack at its start. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../measure/usage';
import { NODE } from '../../test/e2e/support/installed';
import { unpackedPack } from '../../test/e2e/n8n/support/pack';

export interface Loading {
	file: string;
	/** In a process of its own, with `n8n-workflow` there already, as in n8n. */
	ms: number;
}

const PROCESSES = 7;

export function loading(): Loading[] {
	const pack = unpackedPack();
	const { n8n } = JSON.parse(readFileSync(join(pack, 'package.json'), 'utf8')) as {
		n8n: Record<'nodes' | 'credentials', string[]>;
	};
	return [...n8n.nodes, ...n8n.credentials].map((file) => ({ file, ms: median(times(join(pack, file))) }));
}

function times(file: string): number[] {
	const script = `require('n8n-workflow'); const begun = performance.now(); require(${JSON.stringify(file)}); process.stdout.write(String(performance.now() - begun));`;
	const env = { NODE_PATH: join(process.cwd(), 'node_modules') };
	return Array.from({ length: PROCESSES }, () => Number(execFileSync(NODE, ['-e', script], { env })));
}
