/** `audit-relay config`: what the files come to. */
import type { Command } from 'commander';
import { examples } from '../context';
import type { Io } from '../io';
import { addDiff } from './diff';
import { addShow } from './show';

export function addConfig(program: Command, io: Io): void {
	const group = program
		.command('config')
		.description('show what configuration files, defaults and presets come to')
		.addHelpText('after', examples(['audit-relay config show', 'every value, and where it comes from']));
	addShow(group, io);
	addDiff(group, io);
}
