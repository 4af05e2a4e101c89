/** Kills a life when its trigger fires. */
import type { Run } from '../trial/command';
import type { LifePlan, Moment } from './plan';

/** Exchanged in each life: told what others see of the command. */
export interface Watch {
	on: (moment: Moment) => void;
}

export interface Armed {
	/** The trigger counts from here on. */
	enable(): void;
	/** By what it was killed; undefined when it ended by itself. */
	killedBy: Promise<string | undefined>;
}

/** A trigger that nothing fires: the life is killed where it is. */
const LONGEST_MS = 4_000;

export function arm(run: Run, { trigger, kind }: LifePlan, watch: Watch): Armed {
	const timers: NodeJS.Timeout[] = [];
	const later = (ms: number, work: () => void) => void timers.push(setTimeout(work, ms));
	let enabled = false;
	let left = 'at' in trigger ? trigger.count : 0;
	let kill!: (by: string) => void;
	const killedBy = new Promise<string | undefined>((resolve) => {
		kill = (by) => {
			if (kind === 'killed while stopping') {
				run.kill('SIGTERM');
				// anywhere between the signal and its end
				later('ms' in trigger ? trigger.ms / 10 : trigger.plusMs, () => run.kill('SIGKILL'));
				resolve(`SIGTERM, then SIGKILL`);
			} else {
				run.kill('SIGKILL');
				resolve(by);
			}
		};
		void run.end.then(() => {
			timers.forEach(clearTimeout);
			resolve(undefined);
		});
	});
	watch.on = (moment) => {
		if (!enabled || !('at' in trigger) || moment !== trigger.at || --left !== 0) return;
		if (trigger.plusMs === 0) kill(moment);
		else later(trigger.plusMs, () => kill(`${trigger.plusMs} ms after ${moment}`));
	};
	return {
		killedBy,
		enable() {
			enabled = true;
			const ms = 'ms' in trigger ? trigger.ms : LONGEST_MS;
			later(ms, () => kill(`after ${ms} ms`));
		},
	};
}
