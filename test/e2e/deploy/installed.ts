/** The command as a user gets it: packed, and installed from the package into a folder of its own. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const NODE = resolve('node_modules/node/bin/node');

/**
 * The folder holds `audit-relay/bin/audit-relay` and the pinned Node.
 * @param install what deploy/ tells people to run, with `PACKAGE` and `PREFIX` for package and folder
 */
export function installed(install: readonly string[]): string {
	// world-readable, because other users run it
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-opt-'));
	chmodSync(folder, 0o755);
	npm(['pack', '--workspace', 'forwarder', '--pack-destination', folder, '--silent'], resolve('.'));
	const file = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
	const places: Record<string, string> = { PACKAGE: join(folder, file), PREFIX: join(folder, 'audit-relay') };
	npm(
		install.map((word) => places[word] ?? word),
		folder,
	);
	copyFileSync(NODE, join(folder, 'node'));
	return folder;
}

function npm(args: readonly string[], cwd: string): void {
	try {
		execFileSync('npm', args, { cwd, stdio: 'pipe', env: { ...process.env, npm_config_update_notifier: 'false' } });
	} catch (error) {
		const { stderr } = error as { stderr?: Buffer };
		throw new Error(`npm ${args.join(' ')} failed\n${stderr?.toString() ?? String(error)}`);
	}
}

/** The words of an `npm install` line of a deploy file, its package and prefix replaced. */
export function installLine(text: string): string[] {
	const [, line] = /npm (install .*)$/m.exec(text) ?? [];
	if (line === undefined) throw new Error('no line with npm install');
	return line
		.split(/\s+/)
		.map((word) => (word === '/opt/audit-relay' ? 'PREFIX' : /audit-relay-.*\.tgz$/.test(word) ? 'PACKAGE' : word));
}
