/** What a trial can be told. The same seed plans the same faults; the machine's timing stays its own. */
import { parseArgs } from 'node:util';

export interface TrialOptions {
	seed: number;
	/** Of faults at random. */
	minutes: number;
	/** Only what has this in its name: a directed fault, `at random` or `speed`. */
	only: string | undefined;
	mutants: boolean;
	/** Of the built command: another one than this tree's. */
	dist: string;
	/** Leaves the folders of what failed behind. */
	keep: boolean;
	/** File for the result as JSON. */
	out: string | undefined;
}

export const HELP = `node test/cluster/run.mjs [--minutes 0.5] [--seed N] [--only part of a name] [--mutants] [--out file] [--dist forwarder/dist] [--keep]

Runs three workers of the built command on one PostgreSQL with a standby, against simulated providers and a receiver: first every directed
fault (a process that stops just before a commit, a failover that loses commits …), then faults at random, then speed. A checker from
outside says whether an event is lost, whether a lease, a number of a commit or a cursor ever goes back or is used by somebody else, whether
a key is used faster than it may be, and which fault explains each extra copy. Ends with 1 when anything is wrong.
--only takes a part of the name of a directed fault, "at random" or "speed"; --minutes 0 leaves the faults at random out.
--mutants takes one safeguard after the other out of the command: the directed faults must notice each.`;

export function trialOptions(args: string[], today = new Date()): TrialOptions | undefined {
	const { values } = parseArgs({
		args,
		options: {
			seed: { type: 'string', default: today.toISOString().slice(0, 10).replaceAll('-', '') },
			minutes: { type: 'string', default: '0.5' },
			only: { type: 'string' },
			mutants: { type: 'boolean', default: false },
			out: { type: 'string' },
			dist: { type: 'string', default: 'forwarder/dist' },
			keep: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return undefined;
	const number = (name: 'seed' | 'minutes') => {
		const value = Number(values[name]);
		if (Number.isFinite(value) && value >= 0) return value;
		throw new Error(`--${name} ${values[name]}: is not a number`);
	};
	const { only, mutants, dist, keep, out } = values;
	return { seed: number('seed'), minutes: number('minutes'), only, mutants, dist, keep, out };
}
