/** `audit-relay completion`: commands, options and names, completed by the shell. */
import { Argument, type Command } from 'commander';
import { loadNames } from '../../config/loadPart';
import { examples, pathFrom } from '../context';
import type { Io } from '../io';
import { candidates } from './candidates';
import { ASKED, scripts, type Shell } from './scripts';

const DEFAULT = 'audit-relay.yaml';

export function addCompletion(program: Command, io: Io): void {
	program
		.command('completion')
		.description('print what makes a shell complete commands, options and names of sources and destinations')
		.addArgument(new Argument('<shell>', 'which one').choices(Object.keys(scripts)))
		.addHelpText(
			'after',
			examples(
				["echo 'source <(audit-relay completion bash)' >> ~/.bashrc", 'bash'],
				["echo 'source <(audit-relay completion zsh)' >> ~/.zshrc", 'zsh, below compinit'],
				['audit-relay completion fish > ~/.config/fish/completions/audit-relay.fish', 'fish'],
			),
		)
		.action((shell: Shell) => void io.stdout.write(scripts[shell]));
	program
		.command(ASKED, { hidden: true })
		.argument('[words...]')
		.action(async (words: string[]) => {
			const names = (config = DEFAULT) => loadNames(pathFrom(io, config));
			const found = await candidates(program, words, names);
			io.stdout.write(found.map(({ value, about }) => `${value}\t${about}\n`).join(''));
		});
}
