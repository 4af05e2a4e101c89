import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/** Several files, by their path; the folder that they are in. */
export async function writeFiles(files: Readonly<Record<string, string>>): Promise<string> {
	const folder = scratchFolder();
	for (const [name, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, name)), { recursive: true });
		await writeFile(join(folder, name), text);
	}
	return folder;
}

/** Of `audit-relay.yaml` among them. */
export async function loadFiles(files: Readonly<Record<string, string>>): Promise<Config> {
	return loadConfig(join(await writeFiles(files), 'audit-relay.yaml'), ENV, NOW);
}

/** What is said of them; cut free of the temporary folder. */
export async function refusedFiles(files: Readonly<Record<string, string>>): Promise<string> {
	const folder = await writeFiles(files);
	const error: unknown = await loadConfig(join(folder, 'audit-relay.yaml'), ENV, NOW).catch(
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof ConfigError)) throw new Error(`no ConfigError but ${String(error)}`);
	return error.message.replaceAll(`${folder}/`, '');
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
