/**
 * Stands in for the timers of the platform in everything that is bundled (esbuild's `inject`), because n8n forbids those in
 * community nodes. Built on n8n's own `sleep`, which cannot be cut short: a cleared timer still runs out, it only does nothing.
 */
import { sleep } from 'n8n-workflow';

const running = new Set<number>();
let last = 0;

function once(callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): number {
	const timer = ++last;
	running.add(timer);
	void sleep(ms).then(() => {
		if (running.delete(timer)) callback(...args);
	});
	return timer;
}

function clear(timer?: number): void {
	if (timer !== undefined) running.delete(timer);
}

export { once as setTimeout, clear as clearTimeout };
