/** Tries one source out with a single page: key, clock, order and request budget. */
import { fitting } from '../../../core/walk/read';
import type { Page, SourceEvent } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { fromMillis, toMillis } from '../../../core/time';
import { formatDuration } from '../../../core/durations';
import { SecretError } from '../../config/secrets';
import type { SourceConfig } from '../../config/types';
import { adviceFor } from '../../http/advice';
import { openSource, type OpenSource, type SourceDeps } from '../sources';

export interface Check {
	/** `source dr`, `destination siem`. */
	subject: string;
	check: string;
	status: 'ok' | 'warning' | 'failed';
	detail: string;
	/** What to do. */
	fix?: string;
}

const DAY_MS = 86_400_000;
const MAX_SKEW_MS = 120_000;

export async function checkSource(given: SourceConfig, deps: SourceDeps, signal: AbortSignal): Promise<Check[]> {
	const subject = `source ${given.name}`;
	// one answer is what is wanted here, also when it is a bad one
	const config = { ...given, rateLimit: { ...given.rateLimit, retries: 0 } };
	let open: OpenSource;
	let page: Page;
	try {
		open = await openSource(config, deps);
		page = await fitting(open.source).page({ lower: fromMillis(deps.clock.now() - DAY_MS) }, undefined, signal);
	} catch (error) {
		if (!(error instanceof RequestError) && !(error instanceof SecretError)) throw error;
		const { what, fix } = adviceFor(error, config, deps.env);
		return [{ subject, check: 'credentials', status: 'failed', detail: what, fix }];
	}
	const found = `${open.provider.title} answers; ${page.events.length} events on the first page of the last 24 hours`;
	return [
		{ check: 'credentials', status: 'ok' as const, detail: found },
		...(page.invalid.length ? [invalid(page)] : []),
		skew(page, deps.clock.now()),
		order(page.events, open),
		budget(page, config),
	].map((check) => ({ ...check, subject }));
}

type Result = Omit<Check, 'subject'>;

function invalid({ invalid: elements }: Page): Result {
	const detail = `${elements.length} elements are not events (${elements[0]!.reason})`;
	return { check: 'events', status: 'warning', detail, fix: 'They will be kept as dead letters' };
}

function skew({ serverTime }: Page, now: number): Result {
	if (serverTime === undefined) return { check: 'clock', status: 'ok', detail: 'the provider sends no time' };
	const ms = now - toMillis(serverTime);
	const detail = `this clock is ${formatDuration(Math.abs(ms))} ${ms < 0 ? 'behind' : 'ahead of'} the provider's`;
	// the header has whole seconds, and the answer took its time
	if (Math.abs(ms) < 5000) return { check: 'clock', status: 'ok', detail: "agrees with the provider's" };
	if (Math.abs(ms) <= MAX_SKEW_MS) return { check: 'clock', status: 'ok', detail };
	const fix = "Switch on time synchronisation (NTP); events are read by the provider's clock meanwhile";
	return { check: 'clock', status: 'warning', detail, fix };
}

function order(events: readonly SourceEvent[], { source }: OpenSource): Result {
	const steps = events
		.slice(1)
		.map(({ time }, index) => (time > events[index]!.time ? 1 : time < events[index]!.time ? -1 : 0));
	const [up, down] = [steps.includes(1), steps.includes(-1)];
	const check = 'page order';
	if (!up && !down) return { check, status: 'ok', detail: 'too few events to tell' };
	const detail = up && down ? 'no order by time' : up ? 'oldest first' : 'newest first';
	// cursors that are ids of events are only safe in the order that the provider documents
	if (up && source.onRejected === 'continueBelowOldest') {
		return {
			check,
			status: 'failed',
			detail,
			fix: 'The provider documents newest first: ask its support before relying on this',
		};
	}
	return { check, status: 'ok', detail };
}

/** Requests per poll ≈ ⌈rate × lateness ÷ page⌉ + 1. */
function budget(page: Page, { latenessMs, pollIntervalMs, sizes, rateLimit }: SourceConfig): Result {
	const perPoll = Math.ceil((ratePerMs(page) * Math.max(latenessMs, pollIntervalMs)) / sizes.pageSize) + 1;
	const perMinute = Math.ceil((perPoll * 60_000) / pollIntervalMs);
	const limit = rateLimit.requestsPerMinute;
	const detail = `about ${perPoll} requests per poll, ${perMinute} of ${limit} allowed per minute`;
	if (perMinute <= limit) return { check: 'request budget', status: 'ok', detail };
	const fix = 'Polls will lag behind: raise pollInterval, pageSize or rateLimit.requestsPerMinute, or lower lateness';
	return { check: 'request budget', status: 'warning', detail, fix };
}

function ratePerMs({ events, next }: Page): number {
	if (!next) return events.length / DAY_MS;
	const times = events.map(({ time }) => toMillis(time));
	const span = times.length ? Math.max(...times) - Math.min(...times) : 0;
	return span > 0 ? events.length / span : 0;
}
