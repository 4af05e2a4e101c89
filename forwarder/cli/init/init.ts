/** `audit-relay init`: asks, tries what it was told, and writes a configuration; without a terminal and options, a commented starter. */
import { access, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { Provider } from '../../../core/provider';
import { settingsThat } from '../../../core/settings';
import { allProviders } from '../../../providers/registry';
import { ConfigError } from '../../config/errors';
import { loadConfig } from '../../config/load';
import { STARTER } from '../../config/starter';
import { written } from '../../config/written';
import { ask } from '../ask';
import { contextOf, examples, pathFrom, type Context } from '../context';
import { CommandFailed, ExitCode } from '../exit';
import type { Io } from '../io';
import { setting } from '../settings';
import type { InitOptions } from './answers';

export function addInit(program: Command, io: Io): void {
	const [example] = allProviders() as [Provider];
	const [needed] = settingsThat(example, ({ required, secret }) => required && !secret);
	program
		.command('init')
		.description('ask what is wanted, try it out, and write a configuration')
		.argument('[file]', 'file to write (default: the one of --config)')
		.option('-f, --force', 'replace the file if it exists')
		.option('--starter', 'ask nothing, and write a commented starter')
		.option('--provider <name>', 'whose audit log')
		.option('--set <name=value>', 'a setting of the source, secrets as references; may be repeated', setting)
		.option('--base-url <url>', "another address than the provider's own")
		.option('--start <when>', 'where to begin: now, an age like 7d, or an instant')
		.option('--preset <name>', 'a known receiver')
		.option('--site <name>', 'its site or region')
		.option('--endpoint <url>', 'address of the receiver')
		.option('--no-check', 'write it without trying it out')
		.addHelpText(
			'after',
			examples(
				['audit-relay init', 'ask, at a terminal; else write a commented starter'],
				['audit-relay init /etc/audit-relay.yaml', 'write another file'],
				[`audit-relay init --provider ${example.name} --set ${needed}=… --preset datadog`, 'from a script'],
			),
		)
		.action(async (file: string | undefined, options: InitOptions & { starter?: boolean }, command: Command) => {
			const context = contextOf(command, io);
			const path = file === undefined ? context.configPath : pathFrom(io, file);
			const isAsked = io.stdin?.isTTY === true && io.stderr.isTTY === true && !context.json;
			if (options.starter || (!isAsked && options.provider === undefined)) {
				await write(path, STARTER, options.force);
				return said(path, io, context, 'fill in your account and destination, then');
			}
			// before many questions
			if (!options.force && (await exists(path))) throw taken(path);
			const answers = await import('./answers');
			const wanted = isAsked ? await answers.fromPerson(options, dirname(path), io) : answers.fromOptions(options);
			const text = written(wanted);
			if (options.check && !(await tried(path, text, isAsked, io, context))) return io.exit(ExitCode.failed);
			await write(path, text, options.force);
			said(path, io, context, '');
		});
}

/** Whether it may be written. It is tried out beside the place where it will be, because paths in it start there. */
async function tried(path: string, text: string, isAsked: boolean, io: Io, context: Context): Promise<boolean> {
	const trial = join(dirname(path), `.${basename(path)}.${process.pid}`);
	await write(trial, text, true);
	try {
		const config = await loadConfig(trial, io.env, io.clock.now());
		const { isGood, report, tryOut } = await import('../check/tryOut');
		const checks = await tryOut(config, path, io);
		io.stderr.write(`\n${report(checks, context.ui)}`);
		if (isGood(checks)) return true;
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		io.stderr.write(`\n${error.message.replaceAll(trial, path)}\n`);
	} finally {
		await rm(trial, { force: true });
	}
	if (isAsked) return /^y(es)?$/i.test(await ask(io, `Write ${path} all the same? y or n`, 'n'));
	io.stderr.write(`${path} is not written; --no-check writes it without trying it out\n`);
	return false;
}

/** In one step, so that nobody reads half of it. */
async function write(path: string, text: string, force = false): Promise<void> {
	try {
		// `wx` refuses an existing file in the same step that creates it
		if (!force) return await writeFile(path, text, { mode: 0o600, flag: 'wx' });
		const whole = `${path}.${process.pid}.new`;
		await writeFile(whole, text, { mode: 0o600 });
		await rename(whole, path);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'EEXIST') throw taken(path);
		throw new CommandFailed(`${path} cannot be written (${code})`);
	}
}

const taken = (path: string) => new CommandFailed(`${path} exists already; --force replaces it`);

async function exists(path: string): Promise<boolean> {
	return access(path).then(
		() => true,
		() => false,
	);
}

function said(path: string, io: Io, { json }: Context, first: string): void {
	if (json) return void io.stdout.write(`${JSON.stringify({ written: path })}\n`);
	const config = path === 'audit-relay.yaml' ? '' : ` --config ${path}`;
	io.stdout.write(
		`Wrote ${path}. Next:${first && ` ${first}`}\n` +
			`  audit-relay check${config}     # try out credentials and destination\n` +
			`  audit-relay preview${config}   # see events as they would be shipped\n` +
			`  audit-relay run${config}       # ship them\n`,
	);
}
