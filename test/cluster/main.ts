/** From the server to the verdict. */
import { writeFileSync } from 'node:fs';
import { postgresBinaries, WHAT_IS_MISSING } from '../support/postgres';
import { startDatabase, type Database } from './database';
import { playAll, scenarios } from './directed/all';
import { build, mutants, type Mutant } from './mutants';
import { HELP, trialOptions, type TrialOptions } from './options';
import { weather } from './random';
import { json, playedLine, table, wrongIn, type Result } from './report';
import { measureSpeed } from './speed';

/** Returns the exit code. */
export async function main(args: string[]): Promise<number> {
	const options = trialOptions(args);
	if (!options) {
		console.log(HELP);
		return 0;
	}
	if (!postgresBinaries()) {
		console.error(WHAT_IS_MISSING);
		return 2;
	}
	console.log(`cluster: seed ${options.seed}`);
	const code = await (options.mutants ? hunt(options) : trial(options));
	return code;
}

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
	const database = await startDatabase();
	try {
		return await work(database);
	} finally {
		await database.end();
	}
}

async function trial(options: TrialOptions): Promise<number> {
	const { seed, minutes, only, dist, keep, out } = options;
	const isChosen = (name: string) => name.includes(only ?? '');
	const result: Result = await withDatabase(async (database) => {
		const chosen = scenarios.filter(({ name }) => isChosen(name));
		const directed = await playAll(chosen, { database, dist, seed, keep }, (played) => console.log(playedLine(played)));
		const tell = (what: string) => console.log(`       ${what}`);
		const random = isChosen('at random') && minutes > 0 ? await weather(database, options, tell) : undefined;
		const speed = isChosen('speed') ? await measureSpeed(database, dist, seed) : undefined;
		return { seed, directed, random, speed };
	});
	console.log(`\n${table(result)}`);
	const wrong = wrongIn(result);
	for (const what of wrong) console.log(`WRONG  ${what}`);
	if (out !== undefined) writeFileSync(out, `${json(result)}\n`);
	return wrong.length === 0 ? 0 : 1;
}

/** A safeguard that nothing misses is none, or the trial is none. */
async function hunt({ seed, only }: TrialOptions): Promise<number> {
	const chosen = mutants.filter(({ name }) => name.includes(only ?? ''));
	let noticed = 0;
	for (const mutant of chosen) {
		const by = await found(mutant, seed).catch((error: Error) => `DOES NOT APPLY: ${error.message}`);
		if (by !== undefined && !by.startsWith('DOES')) noticed++;
		console.log(`${mutant.name}: ${by ?? 'SURVIVED'}`);
	}
	console.log(`${noticed} of ${chosen.length} noticed`);
	return noticed === chosen.length ? 0 : 1;
}

async function found(mutant: Mutant, seed: number): Promise<string | undefined> {
	const { dist, remove } = build(mutant);
	try {
		const look = scenarios.filter(({ name }) => mutant.look.includes(name));
		const stage = { dist, seed, keep: false, impatient: true };
		const played = await withDatabase((database) => playAll(look, { ...stage, database }, () => undefined));
		const by = played.find(({ wrong }) => wrong.length > 0);
		return by && `noticed (${by.name}: ${by.wrong[0]})`;
	} finally {
		remove();
	}
}
