/** Waits for states of real software, which says when it is ready, not how long it takes. */
import { availableParallelism, loadavg } from 'node:os';

/** What takes so long on a machine of one's own, where others use it too: the time is shared by all that want it. */
export function patience(ms: number): number {
	return ms * Math.max(1, loadavg()[0]! / availableParallelism());
}

/** Looks again and again, for a bounded time, which grows with the load of the machine. */
export async function until(
	what: string,
	happened: () => boolean | Promise<boolean>,
	withinMs = 30_000,
	explain: () => string = () => '',
): Promise<void> {
	const began = Date.now();
	while (!(await happened())) {
		const limit = patience(withinMs);
		if (Date.now() - began > limit) throw new Error(`not within ${Math.round(limit)} ms: ${what}\n${explain()}`);
		await new Promise((done) => setTimeout(done, 50));
	}
}
