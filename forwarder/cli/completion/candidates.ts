/** What may stand where the cursor is, from what the commands themselves declare. */
import type { Argument, Command, Option } from 'commander';
import type { ConfiguredNames } from '../../config/loadPart';

export interface Candidate {
	value: string;
	about: string;
}

/** Reads the configuration at this path; absent: that of the default. */
export type Names = (config: string | undefined) => Promise<ConfiguredNames>;

interface Place {
	command: Command;
	/** The option whose value is being typed. */
	option?: Option;
	/** Arguments of the command before the cursor. */
	given: number;
	config?: string;
	/** After `--`: nothing is an option any more. */
	operandsOnly: boolean;
}

/**
 * @param words after the name of the program; the last one is being typed, and may be empty
 * @returns none where files are meant, or anything
 */
export async function candidates(program: Command, words: readonly string[], names: Names): Promise<Candidate[]> {
	const typed = words.at(-1) ?? '';
	const place = placeOf(program, words.slice(0, -1));
	const { command, option, given, operandsOnly } = place;
	const named = () => names(place.config).catch(() => ({ sources: [], destinations: [] }));
	const offered = option
		? await valuesOf(option, named)
		: typed.startsWith('-') && !operandsOnly
			? optionsOf(command)
			: [...(given === 0 ? commandsOf(command) : []), ...(await argumentsOf(command, given, named))];
	return offered.filter(({ value }) => value.startsWith(typed));
}

function placeOf(program: Command, before: readonly string[]): Place {
	const place: Place = { command: program, given: 0, operandsOnly: false };
	for (let at = 0; at < before.length; at++) {
		const word = before[at]!;
		if (word === '--') place.operandsOnly = true;
		if (!word.startsWith('-') || place.operandsOnly) {
			const next =
				place.given === 0 && place.command.commands.find((one) => [one.name(), ...one.aliases()].includes(word));
			if (next) place.command = next;
			else if (word !== '--') place.given++;
			continue;
		}
		const option = known(place.command).find(({ short, long }) => short === word || long === word);
		if (!option || !(option.required || option.optional)) continue;
		const value = before[at + 1];
		// what may be left out is not waited for
		if (value === undefined) return option.required ? { ...place, option } : place;
		if (option.optional && value.startsWith('-')) continue;
		if (option.attributeName() === 'config') place.config = value;
		at++;
	}
	return place;
}

/** Its own and those of the commands above it. */
function known(command: Command): readonly Option[] {
	return [...command.options, ...(command.parent ? known(command.parent) : [])];
}

function optionsOf(command: Command): Candidate[] {
	const help = { value: '--help', about: 'print help' };
	const visible = known(command).filter(
		({ hidden, long }) => !hidden && long && !(command.parent && long === '--version'),
	);
	return [...visible.map(({ long, description }) => ({ value: long!, about: description })), help];
}

function commandsOf(command: Command): Candidate[] {
	const visible = command.createHelp().visibleCommands(command);
	return visible.map((one) => ({ value: one.name(), about: one.description() }));
}

async function valuesOf(option: Option, names: () => Promise<ConfiguredNames>): Promise<Candidate[]> {
	if (option.argChoices) return option.argChoices.map((value) => ({ value, about: '' }));
	return namesFor(option.attributeName(), names);
}

async function argumentsOf(
	{ registeredArguments: all }: Command,
	given: number,
	names: () => Promise<ConfiguredNames>,
): Promise<Candidate[]> {
	const last: Argument | undefined = all.at(-1);
	const argument = all[given] ?? (last?.variadic ? last : undefined);
	if (!argument) return [];
	if (argument.argChoices) return argument.argChoices.map((value) => ({ value, about: '' }));
	return namesFor(argument.name(), names);
}

async function namesFor(what: string, names: () => Promise<ConfiguredNames>): Promise<Candidate[]> {
	if (what === 'source') return (await names()).sources.map((value) => ({ value, about: 'source' }));
	if (what === 'destination') return (await names()).destinations.map((value) => ({ value, about: 'destination' }));
	return [];
}
