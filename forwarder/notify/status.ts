/** How one notification is doing, since the start of the process. */
export interface NotificationStatus {
	name: string;
	/** Messages that were taken. */
	sent: number;
	/** Messages that were not, each after its retries. */
	failed: number;
	/** Absent when the last one was taken. */
	failure?: { sinceMs: number; reason: string };
}
