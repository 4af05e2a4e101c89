/**
 * Runs the command as a container engine would, without one: a read-only root that holds nothing but libraries, Node and the
 * command, a user without capabilities, and the mounts that a deploy file declares.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianProgram } from '../support/debian';

export interface Container {
	/** Program and arguments. */
	command: readonly string[];
	user: number;
	workdir: string;
	mounts: readonly Mount[];
}

export interface Mount {
	/** On this machine. */
	source: string;
	/** In the container. */
	target: string;
	writable?: boolean;
}

export interface RunningContainer {
	output(): string;
	/** Runs another program in the same surroundings, as `docker exec` does; resolves with its exit code. */
	exec(command: readonly string[]): Promise<{ code: number | null; output: string }>;
	stop(): Promise<number | null>;
}

export function startContainer(opt: string, container: Container): RunningContainer {
	const { process: child, output, ended } = launch(opt, container);
	return {
		output,
		exec: async (command) => {
			const other = launch(opt, { ...container, command });
			const code = await other.ended;
			return { code, output: other.output() };
		},
		stop: () => {
			// bubblewrap passes no signals on, so the command itself is told
			for (const pid of descendants(child.pid!).slice(-1)) process.kill(pid, 'SIGTERM');
			return ended;
		},
	};
}

function launch(opt: string, { command, user, workdir, mounts }: Container) {
	const root = process.getuid!() === 0;
	const args = [
		...['--unshare-all', '--share-net', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
		...['--ro-bind', '/usr', '/usr', '--proc', '/proc', '--dev', '/dev'],
		...links(),
		...['--ro-bind', opt, '/opt'],
		...mounts.flatMap(({ source, target, writable }) => [writable ? '--bind' : '--ro-bind', source, target]),
		// who is not root can at least look like that user
		...(root ? [] : ['--uid', String(user), '--gid', String(user)]),
		...['--remount-ro', '/', '--chdir', workdir, '--clearenv', '--setenv', 'PATH', '/opt:/usr/bin:/bin'],
		'--',
		...command,
	];
	const bwrap = debianProgram('bubblewrap', 'usr/bin/bwrap');
	const as = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs', '--', bwrap];
	const [program, ...before] = root ? as : [bwrap];
	const child = spawn(program!, [...before, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
	const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
	return { process: child as ChildProcess, output: () => output, ended };
}

/** /bin, /lib and the like, where they only lead to /usr. */
const links = () =>
	['bin', 'lib', 'lib64', 'sbin'].flatMap((name) =>
		lstatSync(`/${name}`, { throwIfNoEntry: false })?.isSymbolicLink()
			? ['--symlink', `usr/${name}`, `/${name}`]
			: ['--ro-bind-try', `/${name}`, `/${name}`],
	);

function descendants(pid: number): number[] {
	const children = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((one) => parentOf(one) === pid);
	return children.flatMap((one) => [one, ...descendants(one)]);
}

function parentOf(pid: number): number {
	try {
		const [, parent] = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
		return Number(parent);
	} catch {
		return -1;
	}
}

/** Gives a folder and what is in it to a user; only root can. */
export function give(folder: string, uid: number, gid: number): void {
	if (process.getuid!() !== 0) return;
	chownSync(folder, uid, gid);
	for (const name of readdirSync(folder)) chownSync(join(folder, name), uid, gid);
}
