/** Metrics of every source: `audit_relay.source.*`, attribute `source`. */
import type { Gap } from '../../../core/walk/contract';
import { streamState, type StreamSnapshot } from '../../run/snapshot';
import { seconds, type Instrument } from './instrument';

/** As an object, so that the compiler misses a reason that was added. */
const REASONS: Record<Gap['reason'], true> = {
	collection_start: true,
	retention: true,
	chain_break: true,
	state_lost: true,
	skipped: true,
	rejected: true,
	filter_ignored: true,
};
const VERDICTS = { proven: 0, unknown: 1, broken: 2 } as const;
const STATES = { ok: 0, starting: 1, failing: 2, refused: 3, paused: 4 } as const;

export const SOURCE: readonly Instrument<StreamSnapshot>[] = [
	{
		name: 'watermark.lag',
		unit: 's',
		description: 'How far the watermark is behind the clock of the provider; at least the configured lateness',
		read: ({ watermarkLagMs }) => seconds(watermarkLagMs),
	},
	{
		name: 'last_success.age',
		unit: 's',
		description: 'Time since the last successful poll of the source',
		read: ({ lastSuccessAgeMs }) => seconds(lastSuccessAgeMs),
	},
	{
		name: 'last_event.age',
		detail: true,
		unit: 's',
		description: 'Time since a new event was last read; absent until the first one after a start',
		read: ({ lastEventAgeMs }) => seconds(lastEventAgeMs),
	},
	{
		name: 'oldest_unacknowledged.age',
		unit: 's',
		description: 'Time that the oldest batch of the source has waited for some destination; 0 when none waits',
		read: ({ oldestUnacknowledgedMs }) => seconds(oldestUnacknowledgedMs),
	},
	{
		name: 'state',
		description:
			'0 ok, 1 no poll has ended yet, 2 the last poll failed, 3 the provider refuses (key, scope, address), 4 a person has paused it',
		read: (stream) => STATES[streamState(stream)],
	},
	{
		name: 'verify.verdict',
		detail: true,
		description: 'Last completeness check of the source: 0 proven, 1 unknown, 2 broken; absent before the first one',
		read: ({ stored }) => stored?.lastVerdict && VERDICTS[stored.lastVerdict],
	},
	{
		name: 'verify.open',
		description: '1 while the last completeness check is broken and not acknowledged, else 0',
		read: ({ stored }) => Number(stored?.lastVerdict === 'broken' && stored.verdictAcknowledged === undefined),
	},
	{
		name: 'polls',
		summed: true,
		detail: true,
		counter: true,
		unit: '{poll}',
		description: 'Polls that ended, by outcome',
		read: ({ counts: { polls } }) =>
			(['succeeded', 'transient', 'refused'] as const).map((outcome) => [polls[outcome], { outcome }]),
	},
	{
		name: 'events.read',
		summed: true,
		detail: true,
		counter: true,
		unit: '{event}',
		description: 'Events on pages of the provider, repeats included',
		read: ({ counts }) => counts.read,
	},
	{
		name: 'events.fresh',
		summed: true,
		counter: true,
		unit: '{event}',
		description: 'New events put into the outbox',
		read: ({ counts }) => counts.fresh,
	},
	{
		name: 'events.late',
		summed: true,
		detail: true,
		counter: true,
		unit: '{event}',
		description: 'Fresh ones that became visible later than the lateness after their own time',
		read: ({ counts }) => counts.late,
	},
	{
		name: 'events.forgotten',
		summed: true,
		detail: true,
		counter: true,
		unit: '{event}',
		description:
			'Events older than what is remembered, listed although they were not asked for; not shipped, repeats included',
		read: ({ counts }) => counts.forgotten,
	},
	{
		name: 'events.dropped',
		summed: true,
		detail: true,
		counter: true,
		unit: '{event}',
		description: 'New events left out by configuration (filter)',
		read: ({ counts }) => counts.dropped,
	},
	{
		name: 'events.invalid',
		summed: true,
		detail: true,
		counter: true,
		unit: '{event}',
		description: 'Elements of pages that are not events; they are kept as dead letters',
		read: ({ counts }) => counts.invalid,
	},
	{
		name: 'events.replaced',
		summed: true,
		detail: true,
		counter: true,
		unit: '{event}',
		description: 'New events with bytes that are not UTF-8; U+FFFD stands for them, and audit.replaced says so',
		read: ({ counts }) => counts.replaced,
	},
	{
		name: 'records.shipped',
		detail: true,
		counter: true,
		unit: '{record}',
		description: 'Records that destinations acknowledged, all destinations together',
		read: ({ stored }) => stored?.shipped ?? 0,
	},
	{
		name: 'outbox.records',
		detail: true,
		unit: '{record}',
		description: 'Records that destinations have not acknowledged, all destinations together',
		read: ({ stored }) => stored?.waiting ?? 0,
	},
	{
		name: 'outbox.size',
		detail: true,
		unit: 'By',
		description: 'Event text in the batches that wait',
		read: ({ stored }) => stored?.waitingBytes ?? 0,
	},
	{
		name: 'in_flight',
		detail: true,
		unit: '{record}',
		description: 'Records of the source being sent or waiting for their next attempt, all destinations together',
		read: ({ inFlight }) => inFlight,
	},
	{
		name: 'dead_letters',
		unit: '{record}',
		description: 'Dead letters kept in the state',
		read: ({ stored }) => stored?.deadLetters ?? 0,
	},
	{
		name: 'dead_letters.doubtful',
		detail: true,
		unit: '{record}',
		description: 'Those of the dead letters that a destination may have stored: it took a part and did not say which',
		read: ({ stored }) => stored?.doubtful ?? 0,
	},
	{
		name: 'gaps',
		detail: true,
		counter: true,
		unit: '{gap}',
		description: 'Gap records, by reason; collection_start is normal, once for each source',
		// all reasons from the start: Prometheus sees no increase in a series that is born with 1
		read: ({ stored }) =>
			(Object.keys(REASONS) as Gap['reason'][]).map((reason) => [stored?.gapReasons[reason] ?? 0, { reason }]),
	},
	{
		name: 'gaps.open',
		unit: '{gap}',
		description: 'Gap records that nobody has acknowledged; 0 after audit-relay gaps acknowledge',
		read: ({ openGaps }) => openGaps,
	},
	{
		name: 'positions.rejected',
		summed: true,
		detail: true,
		counter: true,
		unit: '{position}',
		description: 'Continuation tokens or cursors that the provider refused; the range was read again',
		read: ({ counts }) => counts.rejected,
	},
	{
		name: 'clock_skew',
		detail: true,
		unit: 's',
		description: 'Clock of the provider minus ours, by the Date header of its last answer',
		read: ({ counts }) => seconds(counts.skewMs),
	},
	{
		name: 'requests',
		detail: true,
		counter: true,
		unit: '{request}',
		description:
			'Requests to the provider with the key of the source, repeats included; the same for sources that share it',
		read: ({ requests }) => requests,
	},
	{
		name: 'rate_limited',
		detail: true,
		counter: true,
		unit: 's',
		description: 'Pauses that the provider ordered for the key of the source; the same for sources that share it',
		read: ({ rateLimitedMs }) => seconds(rateLimitedMs),
	},
	{
		name: 'pause.remaining',
		detail: true,
		unit: 's',
		description: 'How long requests with the key of the source still pause',
		read: ({ pausedMs }) => seconds(pausedMs),
	},
];
