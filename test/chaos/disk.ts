/** A disk that can be full: a small tmpfs where mounting is allowed, else a limit on the size of files, else none. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface Disk {
	/** Undefined: this machine allows neither. */
	readonly kind: 'tmpfs' | 'file size limit' | undefined;
	readonly folder: string;
	/** `pid` of the running command, if it runs. */
	fill(pid?: number): void;
	free(pid?: number): void;
	end(): void;
}

export function smallDisk(parent: string): Disk {
	const folder = join(parent, 'state');
	mkdirSync(folder);
	if (process.platform === 'linux' && succeeds('mount', '-t', 'tmpfs', '-o', 'size=64m,mode=0700', 'none', folder)) {
		return tmpfs(folder);
	}
	const limited = succeeds('prlimit', '--pid', String(process.pid), '--fsize');
	return limited ? sizeLimit(folder) : { kind: undefined, folder, fill: nothing, free: nothing, end: nothing };
}

function tmpfs(folder: string): Disk {
	const filler = join(folder, 'filler');
	return {
		kind: 'tmpfs',
		folder,
		fill() {
			const file = openSync(filler, 'a');
			try {
				// until not one page is left
				for (const size of [1024 * 1024, 4096]) {
					try {
						for (;;) writeSync(file, Buffer.alloc(size));
					} catch {
						// full; a smaller piece may still fit
					}
				}
			} finally {
				closeSync(file);
			}
		},
		free: () => rmSync(filler, { force: true }),
		end: () => void succeeds('umount', '-l', folder),
	};
}

/** Node ignores SIGXFSZ, so a write beyond the limit fails as it does on a full disk. */
function sizeLimit(folder: string): Disk {
	const limit = (pid: number | undefined, bytes: string) =>
		pid !== undefined && void succeeds('prlimit', '--pid', String(pid), `--fsize=${bytes}:`);
	return {
		kind: 'file size limit',
		folder,
		fill: (pid) => void limit(pid, '1'),
		free: (pid) => void limit(pid, 'unlimited'),
		end: nothing,
	};
}

const nothing = () => undefined;

function succeeds(command: string, ...args: string[]): boolean {
	try {
		execFileSync(command, args, { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}
