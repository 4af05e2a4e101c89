/** One n8n under measurement: a fresh process for each run, so that no run finds the heap that another has left. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMs, peakRssMb, rssMb } from '../measure/usage';
import type { Instance } from '../../test/e2e/n8n/support/instance';
import type { Server } from '../../test/e2e/n8n/support/server';
import { until } from '../../test/e2e/support/wait';
import { COUNT, LIST } from './flows';

export interface Cost {
	/** From the start of the node that reads to the start of the one that counts, by n8n's own log. */
	ms: number;
	cpuMs: number;
	/** Peak of resident memory above what n8n had before. */
	mb: number;
	/** What the workflow answered. */
	answer: unknown;
}

/** Calls the workflow's webhook once. */
export async function measure(n8n: Instance, id: string, env: Record<string, string> = {}): Promise<Cost> {
	const notes = mkdtempSync(join(tmpdir(), 'audit-relay-bench-n8n-'));
	const note = join(notes, 'note.cjs');
	// its helpers have another parent
	writeFileSync(
		note,
		`if (process.ppid === ${process.pid}) require('fs').writeFileSync('${notes}/pid', String(process.pid));`,
	);
	const log = { N8N_LOG_LEVEL: 'debug', N8N_LOG_FORMAT: 'json' };
	const server = await n8n.start({ NODE_OPTIONS: `--require=${note}`, ...log, ...env });
	try {
		const pid = Number(readFileSync(join(notes, 'pid'), 'utf8'));
		await server.activate(id);
		// n8n says that a workflow is active before its webhook is there; a wrong method finds out without running it
		const registered = /not registered for POST/;
		const asked = async () => (await fetch(`${server.url}/webhook/${id}`, { method: 'POST' })).text();
		await until('the webhook is there', async () => registered.test(await asked()));
		writeFileSync(`/proc/${pid}/clear_refs`, '5');
		const [idle, cpuBefore] = [rssMb(pid), cpuMs(pid)];
		const answer = await (await fetch(`${server.url}/webhook/${id}`)).json();
		const [cpu, mb] = [cpuMs(pid) - cpuBefore, peakRssMb(pid) - idle];
		return { ms: started(server, COUNT) - started(server, LIST), cpuMs: cpu, mb, answer };
	} finally {
		await server.stop();
		rmSync(notes, { recursive: true, force: true });
	}
}

/** Milliseconds since the epoch. */
function started(server: Server, node: string): number {
	const line = server
		.output()
		.split('\n')
		.find((one) => one.includes(`Running node \\"${node}\\" started`));
	if (!line) throw new Error(`n8n's log has no line about node ${node}`);
	return Date.parse((JSON.parse(line) as { metadata: { timestamp: string } }).metadata.timestamp);
}
