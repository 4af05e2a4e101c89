/** How long a problem has to last before anybody is told of it, by its rule in `/readyz`, where a notification says nothing else. */
export const TOLD_AFTER = {
	fatal: '0ms',
	store_not_writable: '1m',
	disk_low: '1m',
	state_set_aside: '0ms',
	outbox_full: '10m',
	// its first poll reads the past, which may take long
	starting: '30m',
	source_misconfigured: '1m',
	// while a key rotates, the old one is refused
	source_refused: '1m',
	source_failing: '1m',
	// somebody did it on purpose, and may forget it
	source_paused: '1h',
	background_failing: '1m',
	watermark_frozen: '1m',
	filter_ignored: '1m',
	start_in_future: '10m',
	clock_skew: '10m',
	destination_halted: '1m',
	// after the five minutes that it takes to be one
	destination_degraded: '5m',
	destination_unknown: '1m',
	unacknowledged: '1m',
	dead_letters: '0ms',
	gaps: '0ms',
	verify_broken: '0ms',
	shards_unowned: '1m',
	configurations_differ: '1m',
	notification_failing: '1m',
} as const;

/** A rule that people are told of: all of `/readyz` but `stopping`, which somebody wanted. */
export type ToldRule = keyof typeof TOLD_AFTER;
