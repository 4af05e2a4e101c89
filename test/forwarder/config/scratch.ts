import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../../forwarder/config/load';
import { ConfigError, type Problem } from '../../../forwarder/config/errors';
import type { Config } from '../../../forwarder/config/types';
import { scratchFolder } from '../../support/scratch';

export const NOW = Date.parse('2026-02-11T12:00:00Z');

export const GOOD = `
destinations:
  - name: siem
    endpoint: https://collector.example:4318
sources:
  - name: dr
    provider: arpio
    accountId: acc
    apiKey: "\${env:KEY}"
`.trimStart();

export const ENV = { KEY: 'canary-key-1' };

export async function writeConfig(text: string): Promise<string> {
	const path = join(scratchFolder(), 'audit-relay.yaml');
	await writeFile(path, text);
	return path;
}

export async function load(text: string, env: Record<string, string | undefined> = ENV): Promise<Config> {
	return loadConfig(await writeConfig(text), env, NOW);
}

/** The error of a bad configuration; its message is cut free of the temporary folder. */
export async function refused(text: string, env: Record<string, string | undefined> = ENV) {
	const path = await writeConfig(text);
	const error: unknown = await loadConfig(path, env, NOW).then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof ConfigError)) throw new Error(`no ConfigError but ${String(error)}`);
	const problems: readonly Problem[] = error.problems;
	return { problems, message: error.message.replaceAll(path, 'audit-relay.yaml') };
}

/** The message for one change of a good file. */
export async function afterChange(
	from: string,
	to: string,
	env: Record<string, string | undefined> = ENV,
): Promise<string> {
	expect(GOOD).toContain(from);
	return (await refused(GOOD.replace(from, to), env)).message;
}
