/** A program from Debian's packages, unpacked into a cache outside the checkout: needs no root and changes nothing on the machine. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where e2e tests keep what they install; set AUDIT_RELAY_E2E_CACHE to have it elsewhere. */
export const cache = process.env['AUDIT_RELAY_E2E_CACHE'] ?? join(homedir(), '.cache', 'audit-relay-e2e');

/** @param program path inside the package, e.g. `usr/bin/tinyproxy` */
export function debianProgram(name: string, program: string): string {
	const folder = join(cache, name);
	const path = join(folder, program);
	if (existsSync(path)) return path;
	mkdirSync(folder, { recursive: true });
	const apt = (...args: string[]) => execFileSync('apt-get', args, { cwd: folder, stdio: 'pipe' });
	try {
		try {
			apt('download', name);
		} catch {
			// a fresh machine has no package lists yet; root may fetch them
			apt('update');
			apt('download', name);
		}
		const file = readdirSync(folder).find((entry) => entry.endsWith('.deb'))!;
		execFileSync('dpkg', ['--extract', file, folder], { cwd: folder, stdio: 'pipe' });
	} catch (error) {
		const { stderr } = error as { stderr?: Buffer };
		throw new Error(
			`this test needs ${name} from Debian's packages; apt-get could not fetch it ` +
				`(as root: apt-get update; or put the program at ${path}).\n${stderr?.toString() ?? String(error)}`,
		);
	}
	return path;
}

/** Installs Debian packages on the machine, once: for programs that need more than a file of their own. Only root can. */
export function debianPackages(program: string, ...packages: readonly string[]): void {
	if (existsSync(program)) return;
	process.stderr.write(`installing ${packages.join(' and ')} from Debian's packages, once: takes a minute\n`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	const apt = (...args: string[]) => execFileSync('apt-get', args, { stdio: 'pipe', env });
	try {
		apt('update');
		apt('install', '--yes', '--no-install-recommends', ...packages);
	} catch (error) {
		const { stderr } = error as { stderr?: Buffer };
		throw new Error(
			`this test needs ${program}, and apt-get could not install it ` +
				`(as root: apt-get install ${packages.join(' ')})\n${stderr?.toString() || String(error)}`,
		);
	}
}
