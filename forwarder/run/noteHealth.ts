/** Keeps in the state file how a destination is doing, for `status`, which knows no more than that file. */
import type { DeliveryNotice } from '../delivery/delivery';
import type { DeliveryStatus } from '../delivery/health';
import type { DestinationHealth } from '../store/health';

/** A new cause of the same outage is noted this often at most: a receiver may change its words with each answer. */
const SAME_OUTAGE_MS = 10_000;

export interface Noting {
	hear(notice: DeliveryNotice, status: () => DeliveryStatus): void;
	/** What was noted last. Undefined: nothing yet, or not all of it. */
	noted(): DestinationHealth | undefined;
}

/**
 * `write` may fail: what cannot be noted now is noted with the next notice. One after the other, and of those that come while
 * one is being written only the last.
 */
export function noteHealth(write: (health: DestinationHealth) => Promise<void>): Noting {
	let noted: (DestinationHealth & { at: number }) | undefined;
	let next: DestinationHealth | undefined;
	let isWriting = false;

	function isNews({ state, since, lastError }: DestinationHealth): boolean {
		if (noted?.state !== state || noted.since !== since) return true;
		const isOtherError = lastError !== undefined && lastError.message !== noted.lastError?.message;
		return state !== 'ok' && isOtherError && Math.abs(lastError.at - noted.at) >= SAME_OUTAGE_MS;
	}

	async function writeAll(): Promise<void> {
		isWriting = true;
		for (let health = next; health; health = next) {
			next = undefined;
			try {
				await write(health);
			} catch {
				// the disk is full, or another process owns the state now: who writes events finds out
				noted = undefined;
			}
		}
		isWriting = false;
	}

	return {
		hear(notice, status) {
			if (notice.kind === 'warning') return;
			const { state: now, since, lastError } = status();
			const health: DestinationHealth = { state: now === 'degraded' ? 'failing' : now, since, lastError };
			if (!isNews(health)) return;
			noted = { ...health, at: lastError?.at ?? since };
			next = health;
			if (!isWriting) void writeAll();
		},
		noted: () => noted,
	};
}
