/** What is wrong as the process says it that runs on this machine, and what is in no state: notifications that reach nobody, mistakes in the configuration. */
import type { HealthProblem, Rule } from '../../server/readiness';
import { deadline } from '../../waits';
import type { Context } from '../context';
import type { Io } from '../io';
import { runningProcess } from '../running';

/** One that does not answer has nothing to say. */
const PATIENCE_MS = 2_000;

export interface FailingNotification extends Pick<HealthProblem, 'message' | 'since' | 'fix'> {
	name: string;
}

export interface ToldMistake extends Pick<HealthProblem, 'message' | 'since' | 'cause'> {
	/** Absent: a file that cannot be read, whatever is in it. */
	source?: string;
}

export interface ToldProblems {
	notifications: FailingNotification[];
	mistakes: ToldMistake[];
	/** What to do about what fails now, by its name. */
	fixes: { readonly [of in 'source' | 'destination']: ReadonlyMap<string, string> };
}

export const NOTHING_TOLD: ToldProblems = {
	notifications: [],
	mistakes: [],
	fixes: { source: new Map(), destination: new Map() },
};

const FAILS: ReadonlySet<Rule> = new Set([
	'starting',
	'source_refused',
	'source_failing',
	'watermark_frozen',
	'destination_halted',
	'destination_degraded',
]);

export async function toldProblems(context: Context, { env, user, stop }: Io): Promise<ToldProblems> {
	try {
		const running = await runningProcess(context, { env, user, stop: AbortSignal.any([stop, deadline(PATIENCE_MS)]) });
		const { problems = [] } = await running.get<{ problems?: HealthProblem[] }>('/readyz');
		return {
			notifications: problems.flatMap(({ notification: name, message, since, fix }) =>
				name === undefined ? [] : [{ name, message, ...(since && { since }), ...(fix && { fix }) }],
			),
			mistakes: problems.flatMap(({ rule, source, message, since, cause }) =>
				rule === 'source_misconfigured'
					? [{ ...(source && { source }), message, ...(since && { since }), ...(cause && { cause }) }]
					: [],
			),
			fixes: { source: fixesOf(problems, 'source'), destination: fixesOf(problems, 'destination') },
		};
	} catch (error) {
		if (stop.aborted) throw error;
		return NOTHING_TOLD;
	}
}

function fixesOf(problems: readonly HealthProblem[], of: 'source' | 'destination'): ReadonlyMap<string, string> {
	return new Map(
		problems.flatMap(({ rule, fix, [of]: name }) =>
			name !== undefined && fix !== undefined && FAILS.has(rule) ? [[name, fix] as const] : [],
		),
	);
}
