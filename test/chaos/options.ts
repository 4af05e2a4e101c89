/** What a trial can be told. The same seed plans the same faults and kills; the machine's timing stays its own. */
import { parseArgs } from 'node:util';

export interface TrialOptions {
	kills: number;
	seed: number;
	/** No new life begins after it; the events of the last one still have to arrive. */
	minutes: number;
	/** Groups of events per second, over the three providers. */
	rate: number;
	/** Of the built command: another one than this tree's. */
	dist: string;
	/** Leaves the folder with state and logs behind. */
	keep: boolean;
}

export const HELP = `node test/chaos/run.mjs [--kills 12] [--seed N] [--minutes 2] [--rate 15] [--dist forwarder/dist] [--keep]

Runs the built command against simulated providers and a receiver that fail in every way, kills it again and again,
and compares what happened with what arrived. Ends with 1 when an event is lost, a copy has no fault to explain it,
the process stands still or ends by itself, or a planted key is found in anything that it wrote.
Without --seed the day's date is the seed, so that a failure can be repeated.`;

export function trialOptions(args: string[], today = new Date()): TrialOptions | undefined {
	const { values } = parseArgs({
		args,
		options: {
			kills: { type: 'string', default: '12' },
			seed: { type: 'string', default: today.toISOString().slice(0, 10).replaceAll('-', '') },
			minutes: { type: 'string', default: '2' },
			rate: { type: 'string', default: '15' },
			dist: { type: 'string', default: 'forwarder/dist' },
			keep: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return undefined;
	const number = (name: 'kills' | 'seed' | 'minutes' | 'rate') => {
		const value = Number(values[name]);
		if (Number.isFinite(value) && value >= 0) return value;
		throw new Error(`--${name} ${values[name]}: is not a number`);
	};
	const { keep, dist } = values;
	return { kills: number('kills'), seed: number('seed'), minutes: number('minutes'), rate: number('rate'), dist, keep };
}
