/** Programs from the Python Package Index, each in an environment of its own, made once in the cache of the e2e tests. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './debian';
import { oneAtATime } from './oneAtATime';

/** Path of the program `name`. */
export function pythonProgram(name: string, version: string): string {
	const folder = join(cache, `${name}-${version}`);
	const program = join(folder, 'bin', name);
	if (existsSync(program)) return program;
	mkdirSync(cache, { recursive: true });
	oneAtATime(`${folder}.lock`, () => {
		if (!existsSync(program)) install(name, version, folder);
	});
	return program;
}

function install(name: string, version: string, folder: string): void {
	process.stderr.write(`installing ${name} ${version}, once, into ${folder}: takes a minute or two\n`);
	rmSync(folder, { recursive: true, force: true });
	try {
		run('python3', ['-m', 'venv', folder]);
		run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', `${name}==${version}`]);
	} catch (error) {
		rmSync(folder, { recursive: true, force: true });
		const { stderr } = error as { stderr?: Buffer };
		throw new Error(
			`this test needs ${name} ${version} from PyPI, and python3 could not install it ` +
				`(on Debian: apt-get install python3-venv)\n${stderr?.toString() || String(error)}`,
		);
	}
}

function run(program: string, args: readonly string[]): void {
	execFileSync(program, args, { stdio: 'pipe' });
}
