/** Lists of events as NDJSON files of 10,000 events, with n8n's binary data in the file system: what memory a long list takes. */
import type { ProviderName } from '../../providers/registry';
import type { Instance } from '../../test/e2e/n8n/support/instance';
import type { Servers } from '../measure/servers';
import { filesFlow, SERVICES } from './flows';
import { measure } from './server';

const LENGTHS = [10_000, 100_000, 200_000];

export interface FilesRow {
	name: ProviderName;
	events: number;
	ms: number;
	mb: number;
}

export async function measureFiles(n8n: Instance, servers: Servers): Promise<FilesRow[]> {
	const names = Object.keys(SERVICES) as ProviderName[];
	await n8n.importWorkflows(...names.map((name) => filesFlow(`${name}-files`, SERVICES[name])));
	const rows: FilesRow[] = [];
	for (const name of names) {
		for (const events of LENGTHS) {
			await servers.prepare({ shape: name, events, delayMs: 0 }, { records: 0, delayMs: 0 });
			const { ms, mb, answer } = await measure(n8n, `${name}-files`, { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' });
			const [count] = Object.values(answer as Record<string, unknown>);
			if (count !== events) throw new Error(`files of ${name}: ${JSON.stringify(answer)} instead of ${events}`);
			rows.push({ name, events, ms, mb });
			process.stderr.write(`${name}, ${events} events as files: ${ms.toFixed(0)} ms, ${mb.toFixed(0)} MB\n`);
		}
	}
	return rows;
}

export function filesReport(rows: readonly FilesRow[]): string {
	return `## As files

Our node with **Output** NDJSON Files, 10,000 events in each, and \`N8N_DEFAULT_BINARY_DATA_MODE=filesystem\`: one run each.

| Events of | Events | Seconds | Memory, MB |
| --- | --- | --- | --- |
${rows.map(({ name, events, ms, mb }) => `| ${name} | ${events.toLocaleString('en')} | ${(ms / 1000).toFixed(1)} | ${mb.toFixed(0)} |`).join('\n')}
`;
}
