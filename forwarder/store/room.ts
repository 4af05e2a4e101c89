/** Waiting for room: in the outbox, and on the disk. */
export interface Backlog {
	size: number;
	readonly limit: number;
	readonly waiting: Set<() => void>;
	/** The disk has too little room for more. */
	isDiskLow(): boolean;
}

export const isFull = (backlog: Backlog, limit = backlog.limit): boolean =>
	backlog.size >= limit || backlog.isDiskLow();

/** Resolves when less than `limit` waits in the outbox and the disk has room, or when the signal aborts. */
export async function room(backlog: Backlog, limit: number, signal?: AbortSignal): Promise<void> {
	while (isFull(backlog, limit) && !signal?.aborted) {
		await new Promise<void>((resolve) => {
			// the signal lives as long as the process: a listener left behind for every wait would pile up
			const resume = () => {
				backlog.waiting.delete(resume);
				signal?.removeEventListener('abort', resume);
				resolve();
			};
			backlog.waiting.add(resume);
			signal?.addEventListener('abort', resume);
		});
	}
}

/** To be called when there may be room again. Somebody else may have made room on the disk, and nobody says so: look often. */
export function resumeIfRoom(backlog: Backlog): void {
	if (backlog.waiting.size === 0 || isFull(backlog)) return;
	for (const resume of [...backlog.waiting]) resume();
}
