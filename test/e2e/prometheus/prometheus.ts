/** A real Prometheus, from Debian's packages, unpacked beside the checkout. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scratchFolder } from '../../support/scratch';
import { debianProgram } from '../support/debian';
import { freePort } from '../support/port';
import { startProgram, type Program } from '../support/program';

const program = (name: string) => debianProgram('prometheus', `usr/bin/${name}`);

/** Throws with its words when something is wrong. */
export function promtool(...args: string[]): string {
	return execFileSync(program('promtool'), args, { encoding: 'utf8', stdio: 'pipe' });
}

export interface Prometheus extends Program {
	query(text: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]>;
}

/** Scrapes the targets each second, with the rules that users get. */
export async function startPrometheus(targets: readonly string[]): Promise<Prometheus> {
	const folder = scratchFolder();
	mkdirSync(folder, { recursive: true });
	const config = join(folder, 'prometheus.yml');
	writeFileSync(
		config,
		`global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${resolve('deploy/prometheus/rules.yaml')}]
scrape_configs:
  - job_name: audit-relay
    static_configs: [{ targets: ${JSON.stringify(targets)} }]
`,
	);
	const address = `127.0.0.1:${await freePort()}`;
	const args = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`];
	const running = await startProgram(
		program('prometheus'),
		[...args, `--web.listen-address=${address}`],
		{},
		async () => (await fetch(`http://${address}/-/ready`).catch(() => undefined))?.ok === true,
	);
	return {
		...running,
		async query(text) {
			const response = await fetch(`http://${address}/api/v1/query`, {
				method: 'POST',
				body: new URLSearchParams({ query: text }),
			});
			const { status, data, error } = (await response.json()) as {
				status: string;
				error?: string;
				data?: { result: Awaited<ReturnType<Prometheus['query']>> };
			};
			if (status !== 'success') throw new Error(`${text}: ${error}`);
			return data!.result;
		},
	};
}
