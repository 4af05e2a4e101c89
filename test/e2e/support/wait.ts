/** Looks again and again, for a bounded time: real software says when it is ready, not how long it takes. */
export async function until(
	what: string,
	happened: () => boolean | Promise<boolean>,
	withinMs = 30_000,
	explain: () => string = () => '',
): Promise<void> {
	const deadline = Date.now() + withinMs;
	while (!(await happened())) {
		if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}\n${explain()}`);
		await new Promise((done) => setTimeout(done, 50));
	}
}
