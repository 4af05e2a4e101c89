/** Polls of one trigger one after the other: n8n does not prevent that one begins while the one before still runs. */
import type { IPollFunctions } from 'n8n-workflow';
import { runtime } from '../runtime';

/** Names are unique in a workflow; ids are not always, in one that was put together by hand. */
export function pollKey(workflowId: string | undefined, nodeId: string, name: string): string {
	return JSON.stringify([workflowId, nodeId, name]);
}

/** Null for a poll that is not needed. */
export async function alone<T>(
	context: IPollFunctions,
	deadline: AbortSignal,
	poll: (key: string) => Promise<T | null>,
): Promise<T | null> {
	const { id, name } = context.getNode();
	const key = pollKey(context.getWorkflow().id, id, name);
	const data = context.getWorkflowStaticData('node');
	const over = new Promise<void>((resolve) => deadline.addEventListener('abort', () => resolve(), { once: true }));
	for (let other = runtime.polling.get(key); other; other = runtime.polling.get(key)) {
		// of the same activation; one with static data of its own is that of a new version, which has to begin with what this one saves
		if (other.data === data || deadline.aborted) return null;
		await Promise.race([other.ended, over]);
	}
	const polled = poll(key);
	const ended = polled.then(
		() => undefined,
		() => undefined,
	);
	runtime.polling.set(key, { data, ended });
	try {
		return await polled;
	} finally {
		runtime.polling.delete(key);
	}
}
