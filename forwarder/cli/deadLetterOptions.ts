/** How letters are chosen on the command line. */
import { InvalidArgumentError, type Command } from 'commander';

/** The options that choose letters. */
export function filtered(command: Command): Command {
	return command
		.option('--stream <name>', 'only those of this source')
		.option('--destination <name>', 'only those for this destination')
		.option('--reason <reason>', 'only these: rejected, partial_success, too_large, too_old, invalid_event');
}

export function letterId(text: string): number {
	if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
	throw new InvalidArgumentError('Give the number from the list.');
}
