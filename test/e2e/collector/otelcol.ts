/** A real OpenTelemetry Collector: built once, started on loopback with the configuration files that users get. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { goProgram } from '../support/goProgram';
import { freePort } from '../support/port';
import { startProgram, type Program } from '../support/program';

const MANIFEST = resolve('test/e2e/collector/manifest.yaml');
/** `deploy/collector/`: what users get. */
export const deployed = (file: string) => resolve('deploy/collector', file);
/** For tests alone. */
export const local = (file: string) => resolve('test/e2e/collector', file);

export function otelcol(): string {
	const text = readFileSync(MANIFEST, 'utf8');
	const version = /^ {2}version: (.+)$/m.exec(text)![1]!;
	return goProgram({
		name: 'otelcol',
		text,
		build: (folder, run) => {
			run('go', ['install', `go.opentelemetry.io/collector/cmd/builder@v${version}`], { GOBIN: folder });
			// providers are released as 1.x, the rest as 0.x: the builder would take that for a mistake
			run(join(folder, 'builder'), ['--config', MANIFEST, '--skip-compilation', '--skip-strict-versioning']);
			const size = ['-trimpath', '-ldflags', '-s -w'];
			run('go', ['-C', 'source', 'build', ...size, '-o', join(folder, 'otelcol'), '.']);
		},
	});
}

export interface Collector extends Program {
	/** Base of its otlp or splunk_hec receiver. */
	url: string;
	/** The same again, after `kill` or `stop`. */
	again(): Promise<Collector>;
}

/**
 * @param env variables of the configuration; `LISTEN` is added
 * @param more settings that win over those of the file
 */
export async function startCollector(
	config: string,
	env: Record<string, string>,
	listen?: string,
	more: readonly string[] = [],
): Promise<Collector> {
	const address = listen ?? `127.0.0.1:${await freePort()}`;
	const program = await startProgram(
		otelcol(),
		// its own metrics have a fixed port, and there are several Collectors at once
		[config, 'yaml:service::telemetry::metrics::level: none', ...more].flatMap((part) => ['--config', part]),
		{ ...env, LISTEN: address },
		(output) => output.includes('Everything is ready'),
	);
	return { ...program, url: `http://${address}`, again: () => startCollector(config, env, address, more) };
}

/** Throws with the Collector's words when it would refuse the configuration; later files win over earlier ones. */
export function validate(configs: readonly string[], env: Record<string, string>): void {
	const path = process.env['PATH'] ?? '';
	const args = configs.flatMap((config) => ['--config', config]);
	execFileSync(otelcol(), ['validate', ...args], { env: { PATH: path, ...env }, stdio: 'pipe' });
}
