/** Notifications that reach nobody, as the process says it that runs on this machine: how they are doing is in no state. */
import type { HealthProblem } from '../../server/readiness';
import { deadline } from '../../waits';
import type { Context } from '../context';
import type { Io } from '../io';
import { runningProcess } from '../running';

/** One that does not answer has nothing to say. */
const PATIENCE_MS = 2_000;

export interface FailingNotification {
	name: string;
	message: string;
	since?: string;
	fix?: string;
}

export async function failingNotifications(context: Context, { env, user, stop }: Io): Promise<FailingNotification[]> {
	try {
		const running = await runningProcess(context, { env, user, stop: AbortSignal.any([stop, deadline(PATIENCE_MS)]) });
		const { problems = [] } = await running.get<{ problems?: HealthProblem[] }>('/readyz');
		return problems.flatMap(({ notification: name, message, since, fix }) =>
			name === undefined ? [] : [{ name, message, ...(since && { since }), ...(fix && { fix }) }],
		);
	} catch (error) {
		if (stop.aborted) throw error;
		return [];
	}
}
