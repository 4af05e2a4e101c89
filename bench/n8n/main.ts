/** Lists of 50,000 events in a real n8n: our nodes beside n8n's HTTP Request node, in turns. Writes `bench/n8n-results.md`. */
import type { ProviderName } from '../../providers/registry';
import { createInstance, CURRENT } from '../../test/e2e/n8n/support/instance';
import { startServers } from '../measure/servers';
import { median } from '../measure/usage';
import { saveMarkdown } from '../report/save';
import { credentials, flow, READERS, SERVICES, type Reader } from './flows';
import { measureFiles } from './files';
import { loading } from './loading';
import { report, type Row } from './report';
import { measure, type Cost } from './server';

const EVENTS = 50_000;
const ROUNDS = 3;

export async function main(dist: string): Promise<void> {
	const servers = await startServers(dist);
	const n8n = createInstance();
	const names = Object.keys(SERVICES) as ProviderName[];
	const id = (name: ProviderName, reader: Reader) => `${name}-${reader === 'our node' ? 'ours' : 'http'}`;
	try {
		await n8n.importCredentials(credentials(servers.provider));
		await n8n.importWorkflows(
			...names.flatMap((name) =>
				READERS.map((reader) => flow(id(name, reader), reader, SERVICES[name], servers.provider)),
			),
		);
		const costs = new Map<string, (Cost & { requests: number })[]>();
		for (let round = 0; round < ROUNDS; round++) {
			for (const name of names) {
				for (const reader of READERS) {
					await servers.prepare({ shape: name, events: EVENTS, delayMs: 0 }, { records: 0, delayMs: 0 });
					const cost = await measure(n8n, id(name, reader));
					const count = Object.values(cost.answer as Record<string, unknown>)[0];
					if (count !== EVENTS)
						throw new Error(`${reader}, ${name}: ${JSON.stringify(cost.answer)} instead of ${EVENTS}`);
					const { requests } = await servers.served();
					const key = id(name, reader);
					costs.set(key, [...(costs.get(key) ?? []), { ...cost, requests }]);
					process.stderr.write(`${key}: ${cost.ms.toFixed(0)} ms, CPU ${cost.cpuMs} ms, ${cost.mb.toFixed(0)} MB\n`);
				}
			}
		}
		const middle = (key: string, of: (cost: Cost & { requests: number }) => number) => median(costs.get(key)!.map(of));
		const rows = names.map((name): Row => {
			const of = (reader: Reader) => ({
				ms: middle(id(name, reader), ({ ms }) => ms),
				cpuMs: middle(id(name, reader), ({ cpuMs }) => cpuMs),
				mb: middle(id(name, reader), ({ mb }) => mb),
				requests: middle(id(name, reader), ({ requests }) => requests),
			});
			return { name, ours: of('our node'), theirs: of('HTTP Request') };
		});
		const files = await measureFiles(n8n, servers);
		const text = report(rows, files, loading(), { events: EVENTS, rounds: ROUNDS, version: CURRENT });
		await saveMarkdown('bench/n8n-results.md', text);
	} finally {
		servers.close();
		await n8n.end();
	}
}
