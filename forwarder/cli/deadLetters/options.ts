/** The options that choose dead letters. */
import type { Command } from 'commander';
import type { LetterKind } from '../../store/deadLetters';

export interface FilterOptions {
	source?: string;
	destination?: string;
	reason?: string;
}

export function filtered(command: Command): Command {
	return command
		.option('-s, --source <name>', 'only those of this source')
		.option('--destination <name>', 'only those for this destination')
		.option('--reason <reason>', 'only these: rejected, doubtful, too_large, too_old, invalid_event');
}

export function filterOf({ source, destination, reason }: FilterOptions): LetterKind {
	return {
		...(source !== undefined && { stream: source }),
		...(destination !== undefined && { destination }),
		...(reason !== undefined && { reason }),
	};
}
