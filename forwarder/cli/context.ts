/** What every command gets from the options that all commands share. */
import { isAbsolute, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { loadUsable, loadWithOrigins, type Loaded } from '../config/load';
import { loadNames, loadStatePlace, type ConfiguredNames } from '../config/loadPart';
import type { Config, StatePlace } from '../config/types';
import type { Io } from './io';
import { createUi, type Ui } from './ui';

export interface Context {
	/** As it should be named in messages. */
	configPath: string;
	/** Print JSON for machines instead of text for people. */
	json: boolean;
	color: boolean;
	/** For stdout. */
	ui: Ui;
	/** Loads the file and prints its warnings to stderr. */
	readonly config: () => Promise<Config>;
	/** The same, with where everything came from. */
	readonly loaded: () => Promise<Loaded>;
	/** What can be used of it, and why the rest cannot. */
	readonly usable: () => Promise<Loaded>;
	/** Only where the state is: needs no keys. */
	readonly statePlace: () => Promise<StatePlace>;
	/** Only what is called how: needs no keys. */
	readonly names: () => Promise<ConfiguredNames>;
}

export function contextOf(command: Command, io: Io): Context {
	const options = command.optsWithGlobals<{ config: string; json?: boolean; color: boolean }>();
	const configPath = pathFrom(io, options.config);
	const load = async (read: typeof loadUsable) => {
		const found = await read(configPath, io.env, io.clock.now());
		for (const warning of found.config.warnings) io.stderr.write(`warning: ${warning}\n`);
		return found;
	};
	const loaded = () => load(loadWithOrigins);
	return {
		configPath,
		json: options.json === true,
		color: options.color,
		ui: createUi(io.stdout, io.env, options.color),
		config: async () => (await loaded()).config,
		loaded,
		usable: () => load(loadUsable),
		statePlace: () => loadStatePlace(configPath, io.env),
		names: () => loadNames(configPath),
	};
}

/** Relative to the folder of the command, and short where that is the folder of the process. */
export function pathFrom(io: Pick<Io, 'cwd'>, path: string): string {
	if (isAbsolute(path)) return path;
	const full = resolve(io.cwd, path);
	return io.cwd === process.cwd() ? relative(io.cwd, full) || '.' : full;
}

/** Text below the options of a command's help. */
export function examples(...lines: [command: string, meaning: string][]): string {
	const width = Math.max(...lines.map(([command]) => command.length));
	return `\nExamples:\n${lines.map(([command, meaning]) => `  $ ${command.padEnd(width)}  # ${meaning}`).join('\n')}\n`;
}
