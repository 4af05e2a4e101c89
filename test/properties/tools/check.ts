/** Runs a property as a jest test: number of runs and seed from the environment, figures for the soak report. */
import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';

const { PROPERTY_RUNS, PROPERTY_SEED, PROPERTY_REPORT, PROPERTY_SHRINK } = process.env;

/** Runs of a property of weight 1. */
const RUNS = Number(PROPERTY_RUNS ?? 24);
/** Fixed unless asked otherwise: a test that fails now and then only teaches people to start it again. The soak uses new seeds. */
const SEED = PROPERTY_SEED === 'random' ? Date.now() : Number(PROPERTY_SEED ?? 20_260_211);
const LONGEST_MS = Math.max(60_000, RUNS * 1000);

/** What a run did, summed up over all runs. */
export interface Figures {
	events: number;
	/** Promised events that were not safe at the end, and copies beyond what faults explain: counted before the run fails. */
	lost: number;
	unexplained: number;
	/** Second and further copies. */
	copies: number;
	faults: number;
	crashes: number;
	pages: number;
}

export type Outcome = Partial<Figures> | void;

/** `weight`: cheaper properties may run more often, dearer ones less. */
export function property<T>(
	title: string,
	arbitrary: fc.Arbitrary<T>,
	run: (value: T) => Promise<Outcome>,
	weight = 1,
): void {
	const numRuns = Math.max(1, Math.round(RUNS * weight));
	test(
		title,
		async () => {
			const began = Date.now();
			const figures: Record<string, number> = {};
			let runs = 0;
			const note = (outcome: Outcome) => {
				for (const [name, value] of Object.entries(outcome ?? {})) figures[name] = (figures[name] ?? 0) + value;
			};
			try {
				await fc.assert(
					fc.asyncProperty(arbitrary, async (value) => {
						runs++;
						note(await run(value));
					}),
					{ numRuns, seed: SEED, endOnFailure: PROPERTY_SHRINK === 'off', interruptAfterTimeLimit: LONGEST_MS },
				);
			} finally {
				const file = basename(expect.getState().testPath ?? '');
				const line = { file, title, seed: SEED, runs, seconds: (Date.now() - began) / 1000, ...figures };
				if (PROPERTY_REPORT) appendFileSync(PROPERTY_REPORT, `${JSON.stringify(line)}\n`);
			}
		},
		2 * LONGEST_MS,
	);
}
