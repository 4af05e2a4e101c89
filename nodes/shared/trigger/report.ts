/** What became of the last polls, for whoever asks how the trigger is. */
import type { IPollFunctions } from 'n8n-workflow';
import { nodeError, type Told } from '../errors';
import { runtime, type PollReport } from '../runtime';

/** @param key of the trigger @param poll is given the report that has the polls before it */
export async function reported<T>(
	context: IPollFunctions,
	provider: Told,
	key: string,
	poll: (report: PollReport) => Promise<T>,
): Promise<T> {
	const report: PollReport = runtime.reports.get(key) ?? { failedPolls: 0 };
	runtime.reports.set(key, report);
	try {
		const result = await poll(report);
		Object.assign(report, { failedPolls: 0, failure: undefined });
		return result;
	} catch (error) {
		const told = nodeError(error, { node: context.getNode(), title: provider.title, provider });
		const failedPolls = report.failedPolls + 1;
		Object.assign(report, { failedPolls, failure: told.message, failedAt: runtime.clock.now() });
		throw told;
	}
}
