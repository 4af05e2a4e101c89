/** Whether the declared limits are enough: for a source where nothing happens, and for a busy one. */
import { parseDuration } from '../../core/durations';
import { widerBy } from '../../providers/declared/bounds';
import { toMillis } from '../../core/time';
import type { Declaration } from '../../providers/declared/form/declaration';
import type { Result } from './verdict';

const MINUTE = 60_000;
/** As a source has it that says nothing else. */
const INTERVAL = MINUTE;
/** Events a minute that a large customer has. */
const BUSY = 600;
/** More than any declaration is good for. */
const MOST = 1_000_000;

/** @param quietRequests of a poll that finds nothing new */
export function requestsPerMinute(declaration: Declaration, eventsPerMinute: number, quietRequests: number): number {
	const { lateness, bounds, reconcile } = declaration;
	// what a poll reads: what is new, and what may still have come late
	const span = parseDuration(lateness)! + INTERVAL + 2 * toMillis(widerBy(bounds));
	const ofPolls =
		Math.max(quietRequests, pagesOf(declaration, (eventsPerMinute * span) / MINUTE)) / (INTERVAL / MINUTE);
	if (!reconcile) return ofPolls;
	const swept = (eventsPerMinute * parseDuration(reconcile.span)!) / MINUTE;
	return ofPolls + Math.max(1, pagesOf(declaration, swept)) / (parseDuration(reconcile.every)! / MINUTE);
}

/** Twice as many on each page after the first, as far as that is declared. */
function pagesOf({ page: { kind, size = 100, maxSize = size } }: Declaration, events: number): number {
	if (kind === 'none') return 1;
	let [pages, left, next] = [0, events, size];
	for (; left > 0 && next < maxSize; next = Math.min(maxSize, next * 2)) [pages, left] = [pages + 1, left - next];
	return pages + Math.ceil(Math.max(0, left) / maxSize);
}

/** With which one poll a minute is still possible. */
function mostEvents(declaration: Declaration, quietRequests: number): number {
	let [enough, tooMany] = [0, MOST];
	while (tooMany - enough > 1) {
		const middle = Math.floor((enough + tooMany) / 2);
		if (requestsPerMinute(declaration, middle, quietRequests) <= declaration.limits.perMinute) enough = middle;
		else tooMany = middle;
	}
	return enough;
}

/** Polls that take longer than a minute are fewer, and read less twice: only what is new in a minute has to fit into it. */
export function paceResult(declaration: Declaration, quietRequests: number): Result {
	const { perMinute } = declaration.limits;
	const { size = 100, maxSize = size, kind } = declaration.page;
	const [quiet = 0, busy = 0] = [0, BUSY].map((events) => requestsPerMinute(declaration, events, quietRequests));
	const about = (count: number) => String(Number(count.toPrecision(2)));
	const parts = [
		`${about(quiet)} of ${perMinute} requests a minute when nothing happens`,
		`${about(busy)} with ${BUSY} events a minute`,
	];
	if (busy > perMinute) {
		const most = about(mostEvents(declaration, quietRequests));
		parts.push(`with more than ${most} a poll takes longer than a minute, and events arrive later`);
	}
	const result = { check: 'limits', detail: parts.join('; ') } as const;
	if (quiet > perMinute) return { ...result, status: 'warning', fix: 'Set a longer `pollInterval` in the source' };
	if (kind === 'none' || perMinute * maxSize >= BUSY) return { ...result, status: 'ok' };
	const fix = `Raise \`page.maxSize\`, if the API can: ${perMinute * maxSize} events a minute are the most that can be read`;
	return { ...result, status: 'warning', fix };
}
