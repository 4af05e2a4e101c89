/** Our node pack as n8n installs it: packed, unpacked, and without the dependencies that n8n takes away. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NODE } from '../../support/installed';

/** Folders that hold nothing of the pack, and would only cost time. */
const OTHERS = [
	'node_modules',
	'dist',
	'release',
	'coverage',
	'forwarder',
	'test',
	'bench',
	'deploy',
	'docs',
	'sandbox',
	'workflows',
];

export const PACK = 'n8n-nodes-audit-relay';

/**
 * Folder of the unpacked tarball, built once per state of the sources: every test file needs it. Built beside the
 * checkout, because `dist` belongs to whoever builds there.
 */
export function unpackedPack(): string {
	const folder = join(tmpdir(), `audit-relay-n8n-pack-${hashOfSources()}`);
	const unpacked = join(folder, 'package');
	if (existsSync(unpacked)) return unpacked;
	const work = mkdtempSync(`${folder}-`);
	try {
		for (const source of sources()) cpSync(source, join(work, 'source', source), { recursive: true });
		symlinkSync(resolve('node_modules'), join(work, 'source', 'node_modules'));
		const cwd = join(work, 'source');
		execFileSync(NODE, [resolve('node_modules/gulp/bin/gulp.js'), '--silent', 'nodes'], { cwd, stdio: 'pipe' });
		execFileSync('npm', ['pack', '--silent', '--pack-destination', work], { cwd, stdio: 'pipe' });
		const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'))!;
		mkdirSync(join(work, 'done'));
		execFileSync('tar', ['-xzf', join(work, tarball), '-C', join(work, 'done')]);
		// another process may have been quicker with the same
		if (!existsSync(folder)) renameSync(join(work, 'done'), folder);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
	return unpacked;
}

/** Puts an unpacked package where n8n looks for community nodes, with the manifest that n8n leaves of it. */
export function installPack(userFolder: string, unpacked: string): void {
	const { name, ...rest } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as { name: string };
	const target = join(userFolder, '.n8n/nodes/node_modules', name);
	cpSync(unpacked, target, { recursive: true });
	const manifest: Record<string, unknown> = { name, ...rest };
	for (const kind of ['devDependencies', 'peerDependencies', 'optionalDependencies']) delete manifest[kind];
	writeFileSync(join(target, 'package.json'), JSON.stringify(manifest, null, 2));
}

function sources(): string[] {
	return readdirSync('.').filter((name) => !name.startsWith('.') && !name.endsWith('.tgz') && !OTHERS.includes(name));
}

function hashOfSources(): string {
	const hash = createHash('sha256');
	for (const path of sources().flatMap(filesOf).sort()) hash.update(path).update(readFileSync(path));
	return hash.digest('hex').slice(0, 12);
}

function filesOf(path: string): string[] {
	if (statSync(path).isFile()) return [path];
	return readdirSync(path).flatMap((name) => filesOf(join(path, name)));
}
