/** Has people told of problems, while a daemon runs. Loaded only when somebody wants to be told. */
import { hostname } from 'node:os';
import type { Config } from '../../config/types';
import { startNotifier } from '../../notify/notifier';
import type { Looked } from '../../notify/problem';
import type { Snapshot } from '../../run/snapshot';
import { problemsOf, type HealthProblem, type Rule } from '../../server/readiness';
import type { ToldStore } from '../../store/told';
import type { Io } from '../io';
import type { Logger } from '../log';
import type { Observed } from '../parts';

export interface Telling {
	/** What is seen from now on says how the notifications are doing, too. */
	observed: Observed;
	end(): Promise<void>;
}

export function tell(
	config: Config,
	{ observed, told }: { observed: Observed; told: ToldStore },
	io: Pick<Io, 'clock' | 'env'>,
	log: Logger,
	/** What is configured now. */
	current: () => { sources: readonly { name: string }[] },
): Telling {
	const { clock, env } = io;
	const look = async () => ({ ...(await observed.look()), notifications: notifier.status() });
	const notifier = startNotifier(config.notifications, {
		...{ clock, env, store: told, from: hostname(), id: `${hostname()} ${process.pid}` },
		look: async () => lookedAt(await look(), current()),
		report: (notification, reason) =>
			reason === undefined
				? log.info({ notification }, 'the notification works again')
				: log.warn({ notification, reason }, 'nobody is told by this notification; it is tried again'),
	});
	return { observed: { ...observed, look }, end: () => notifier.end() };
}

/** What is told, and what it means that something is not there any more. */
export function lookedAt(snapshot: Snapshot, { sources }: { sources: readonly { name: string }[] }): Looked {
	const problems = problemsOf(snapshot);
	const starting = new Set(problems.flatMap(({ rule, source }) => (rule === 'starting' ? source : [])));
	const here = new Set(snapshot.streams.map(({ name }) => name));
	const configured = new Set(sources.map(({ name }) => name));
	return {
		problems: problems.filter(isTold),
		absence({ source }) {
			// what is no longer configured is nobody's problem
			if (source === undefined || !configured.has(source)) return 'over';
			if (starting.has(source)) return 'unknown';
			return here.has(source) ? 'over' : 'elsewhere';
		},
	};
}

const isTold = (problem: HealthProblem): problem is HealthProblem & { rule: Exclude<Rule, 'stopping'> } =>
	problem.rule !== 'stopping';
