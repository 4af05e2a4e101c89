/** Programs that are built from source through the Go module proxy, once per recipe, into the cache of the e2e tests. */
import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './debian';
import { oneAtATime } from './oneAtATime';

const GO = { major: 1, minor: 26 };

export interface Recipe {
	name: string;
	/** Whatever decides what is built: with another text the program is built again. */
	text: string;
	/** Builds in an empty folder and leaves the program there under its name. */
	build(folder: string, run: Run): void;
}

export type Run = (program: string, args: readonly string[], env?: Record<string, string>) => void;

/** Path of the built program. */
export function goProgram({ name, text, build }: Recipe): string {
	const folder = join(cache, `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`);
	const path = join(folder, name);
	if (existsSync(path)) return path;
	requireGo(name);
	mkdirSync(cache, { recursive: true });
	oneAtATime(`${folder}.lock`, () => {
		if (!existsSync(path)) make(name, folder, build);
	});
	return path;
}

function make(name: string, folder: string, build: Recipe['build']): void {
	const work = mkdtempSync(`${folder}-`);
	const started = Date.now();
	process.stderr.write(`building ${name} from source, once, into ${folder}: takes a few minutes\n`);
	try {
		build(work, (program, args, env = {}) => {
			const options: ExecFileSyncOptions = {
				cwd: work,
				// -p=2: the compiler would take all cores and their memory; no cgo: a C compiler may be missing
				env: { ...process.env, GOFLAGS: '-p=2 -buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0', ...env },
				stdio: 'pipe',
				maxBuffer: 256 * 1024 * 1024,
			};
			execFileSync(program, args, options);
		});
		if (!existsSync(join(work, name))) throw new Error(`the build left no ${name}`);
		// only what is complete gets the name that is looked for
		if (!existsSync(folder)) renameSync(work, folder);
	} catch (error) {
		const { stderr } = error as { stderr?: Buffer };
		throw new Error(`${name} could not be built (is the Go module proxy reachable?)\n${tail(stderr) || String(error)}`);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
	process.stderr.write(`built ${name} in ${Math.round((Date.now() - started) / 1000)} s\n`);
}

function requireGo(name: string): void {
	const needed = `this test builds ${name}, which needs Go ${GO.major}.${GO.minor} or later on the PATH (https://go.dev/dl)`;
	let version: string;
	try {
		version = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim();
	} catch {
		throw new Error(`${needed}; there is no go`);
	}
	const [, major = '0', minor = '0'] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
	const recent = Number(major) > GO.major || (Number(major) === GO.major && Number(minor) >= GO.minor);
	if (!recent) throw new Error(`${needed}; this is ${version}`);
}

/** Of a long list of downloads only the end tells what went wrong. */
function tail(output: Buffer | undefined): string {
	return (output?.toString() ?? '').split('\n').slice(-12).join('\n').trim();
}
