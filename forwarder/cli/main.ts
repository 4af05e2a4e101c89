/** The program: its commands, the options they share, and how it ends. */
import { Command, CommanderError } from 'commander';
import { examples } from './context';
import { ExitCode, problemsJson, reportError } from './exit';
import { processIo, type Io } from './io';
import { createUi } from './ui';
import { VERSION } from '../version';

export type AddCommand = (program: Command, io: Io) => void;

/** In the order of the help. Loaded when the program starts; what is heavy is loaded by the command that needs it. */
const COMMANDS: (() => Promise<AddCommand>)[] = [
	async () => (await import('./demo/demo')).addDemo,
	async () => (await import('./init/init')).addInit,
	async () => (await import('./keys/keys')).addKeys,
	async () => (await import('./check/check')).addCheck,
	async () => (await import('./config/config')).addConfig,
	async () => (await import('./preview/preview')).addPreview,
	async () => (await import('./run/run')).addRun,
	async () => (await import('./reload/reload')).addReload,
	async () => (await import('./backfill/backfill')).addBackfill,
	async () => (await import('./verify/verify')).addVerify,
	async () => (await import('./pause/pause')).addPause,
	async () => (await import('./pause/resume')).addResume,
	async () => (await import('./poll/poll')).addPoll,
	async () => (await import('./poll/poll')).addProbe,
	async () => (await import('./status/status')).addStatus,
	async () => (await import('./top/top')).addTop,
	async () => (await import('./tail/tail')).addTail,
	async () => (await import('./deadLetters/deadLetters')).addDeadLetters,
	async () => (await import('./gaps/gaps')).addGaps,
	async () => (await import('./state/state')).addState,
	async () => (await import('./cluster/cluster')).addCluster,
	async () => (await import('./notify/notify')).addNotify,
	async () => (await import('./provider/provider')).addProvider,
	async () => (await import('./completion/completion')).addCompletion,
];

export function buildProgram(io: Io, commands: readonly AddCommand[]): Command {
	const colored = (output: Io['stdout']) => createUi(output, io.env).color;
	const program = new Command('audit-relay')
		.description('Ships audit logs of SaaS products to any OTLP receiver, without losing an event.')
		.version(VERSION, '-V, --version', 'print the version')
		.option('-c, --config <file>', 'configuration file', 'audit-relay.yaml')
		.option('--json', 'print JSON for machines')
		.option('--no-color', 'print without colour')
		.helpOption('-h, --help', 'print help')
		.helpCommand('help [command]', 'print help for a command')
		.addHelpText(
			'after',
			examples(
				['audit-relay demo', 'see it work: no configuration, no accounts'],
				['audit-relay init', 'write a starter configuration'],
				['audit-relay check', 'try out every source and destination'],
				['audit-relay run', 'ship events until stopped'],
			) +
				'\nExit codes: 0 good, 1 failed, 2 wrong usage, configuration or state; verify: 3 unknown; interrupted: 130, 143.\n',
		)
		.configureHelp({
			showGlobalOptions: true,
			styleTitle: (title) => createUi(io.stdout, { FORCE_COLOR: '1' }).paint('bold', title),
		})
		.configureOutput({
			writeOut: (text) => void io.stdout.write(text),
			writeErr: (text) => void io.stderr.write(text),
			getOutHasColors: () => colored(io.stdout),
			getErrHasColors: () => colored(io.stderr),
			getOutHelpWidth: () => io.stdout.columns ?? 100,
			getErrHelpWidth: () => io.stderr.columns ?? 100,
		})
		.showSuggestionAfterError()
		.showHelpAfterError('`audit-relay --help` lists commands and options.')
		.exitOverride();
	for (const add of commands) add(program, io);
	return program;
}

/** Runs one command line (without node and script). The exit code goes to `io.exit`. */
export async function runProgram(program: Command, args: readonly string[], io: Io): Promise<void> {
	try {
		await program.parseAsync([...args], { from: 'user' });
	} catch (error) {
		// not asked of the parser, which may have stopped before it came to the option
		const json = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).includes('--json');
		if (!(error instanceof CommanderError)) return io.exit(reportError(error, io, json));
		// help and version end by throwing too, with code 0; every other error of the parser is wrong usage
		if (error.exitCode === 0) return io.exit(ExitCode.good);
		if (json) io.stdout.write(problemsJson([{ key: '', what: usageMistake(error) }]));
		io.exit(ExitCode.usage);
	}
}

function usageMistake({ code, message }: CommanderError): string {
	return code === 'commander.help' ? 'no command is given' : message.replace(/^error: /, '').replaceAll('\n', ' ');
}

export async function main(args = process.argv.slice(2), io = processIo()): Promise<void> {
	const commands = await Promise.all(COMMANDS.map((load) => load()));
	await runProgram(buildProgram(io, commands), args, io);
}
