/** Has people told of problems, while a daemon runs. What sends is loaded only when somebody wants to be told. */
import { hostname } from 'node:os';
import type { Config } from '../../config/types';
import type { Notifier, NotifierDeps } from '../../notify/notifier';
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
	/** From now on these. */
	change(config: Pick<Config, 'notifications' | 'sources'>): Promise<void>;
	end(): Promise<void>;
}

export async function tell(
	config: Config,
	{ observed, told }: { observed: Observed; told: ToldStore },
	io: Pick<Io, 'clock' | 'env'>,
	log: Logger,
): Promise<Telling> {
	const { clock, env } = io;
	let notifier: Notifier | undefined;
	let current: Pick<Config, 'notifications' | 'sources'> = config;
	const look = async () => ({
		...(await observed.look()),
		...(current.notifications.length > 0 && { notifications: notifier?.status() ?? [] }),
	});
	const deps: NotifierDeps = {
		...{ clock, env, store: told, from: hostname(), id: `${hostname()} ${process.pid}` },
		look: async () => lookedAt(await look(), current),
		report: (notification, reason) =>
			reason === undefined
				? log.info({ notification }, 'the notification works again')
				: log.warn({ notification, reason }, 'nobody is told by this notification; it is tried again'),
	};
	async function change(next: typeof current): Promise<void> {
		current = next;
		const { notifications } = next;
		if (notifier) notifier.change(notifications);
		// with as much as it takes to send a message
		else if (notifications.length > 0)
			notifier = (await import('../../notify/notifier')).startNotifier(notifications, deps);
	}
	await change(config);
	return { observed: { ...observed, look }, change, end: async () => notifier?.end() };
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
