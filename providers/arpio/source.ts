/** The audit event feed as the walk reads it: inclusive time window, opaque token, unknown order. */
import type { Ask, Nanos, Page, Position, Range, Source } from '../../core/contract';
import type { Provider, Sizes } from '../../core/provider';
import { PositionRejected, RequestError } from '../../core/http/failure';
import { malformed } from '../../core/http/readJson';
import { pageSizes } from '../../core/pageSizes';
import { events } from '../list';
import { auditEventsPath, type AuditFeed } from './client';
import type { AuditEventsPage } from './types';

/** How a server may refuse a token that it gave: tokens are signed and time-stamped, their lifetime is unpublished (docs/providers/arpio.md#tokens). */
const REFUSED: readonly number[] = [400, 403, 404, 410, 422];

const MICRO: Nanos = 1000n;

/**
 * Positions are `{token}`. For the bare arrays of the vendor's documentation, which carry no token, they are
 * `{from, to}`: a full array is read again as two halves of its time span, which needs no particular order. `to` lists the upper
 * bounds still to do, nearest first, separated by commas.
 */
export function arpioSource(
	client: AuditFeed,
	accountId: string,
	configured: Sizes,
	readEvent: Provider['event'],
): Source {
	const sizes = pageSizes(configured, client.isPageSizeRefused);
	let keyWorked = false;

	async function read(
		range: Range,
		token: string | undefined,
		{ size = sizes.usual, skim }: Ask,
		signal?: AbortSignal,
	): Promise<AuditEventsPage> {
		const { lower: from, upper: to } = range;
		// without a token a list counts as cut by its length: by a size that the server is sure to take
		const pageSize = token === undefined ? Math.min(size, sizes.usual) : size;
		const page = await client.auditEvents({ from, to, pageSize, skim, token }, signal).catch((error: unknown) => {
			if (token !== undefined && isRefused(error, keyWorked)) throw new PositionRejected((error as Error).message);
			throw error;
		});
		keyWorked = true;
		return page;
	}

	return {
		onRejected: 'restart',
		// bounds are sent in whole microseconds
		reach: MICRO,
		sizes,
		async page(range, position, signal, ask = {}) {
			const token = typeof position?.['token'] === 'string' ? position['token'] : undefined;
			const todo = token === undefined ? partsOf(range, position) : [range];
			const current = todo[0] ?? range;
			const reply = await read(current, token, ask, signal);
			const page: Page = events(reply, readEvent);
			if (reply.serverTime !== undefined) page.serverTime = reply.serverTime;
			const next =
				reply.token !== undefined
					? { token: reply.token }
					: reply.mayBeCut
						? positionOf([...halves(current, page, accountId), ...todo.slice(1)])
						: positionOf(todo.slice(1));
			if (next) page.next = next;
			return page;
		},
	};
}

/**
 * 401 speaks of the token only when it says so or when the key is known to be good; otherwise it must reach the user as what it
 * is. A wrong guess costs one request: the window is then read from its start, without a token.
 */
function isRefused(error: unknown, keyWorked: boolean): boolean {
	if (!(error instanceof RequestError) || error.failure.kind !== 'http') return false;
	const { status, message = '' } = error.failure;
	if (status === 401) return keyWorked || /next.?token|continuation|cursor/i.test(message);
	return REFUSED.includes(status);
}

/** Two parts that share their boundary instant. Whatever the array left out of the span is in one of them. */
function halves({ lower, upper }: Range, { events }: Page, accountId: string): [Range, Range] {
	const newest = events.reduce((max, { time }) => (time > max ? time : max), lower);
	const span = (upper ?? newest) - lower;
	if (span < 2n * MICRO) {
		const path = auditEventsPath(accountId);
		const many = 'the list has no continuation token, and one instant alone fills a page; a larger page size may help';
		throw malformed({ method: 'GET', path }, 200, many);
	}
	const middle = lower + (span / 2n / MICRO) * MICRO;
	return [
		{ lower, upper: middle },
		{ lower: middle, upper },
	];
}

function partsOf(range: Range, position: Position | undefined): Range[] {
	const from = String(position?.['from'] ?? '');
	const to = String(position?.['to'] ?? '');
	if (!/^-?\d+$/.test(from) || !/^(-?\d+)?(,-?\d+)*$/.test(to)) return [range];
	const bounds = [from, ...to.split(',').filter(Boolean)].map(BigInt);
	return bounds.map((lower, index) => ({ lower, upper: bounds[index + 1] ?? range.upper }));
}

function positionOf(todo: readonly Range[]): Position | undefined {
	const [first, ...others] = todo;
	return first && { from: String(first.lower), to: others.map(({ lower }) => String(lower)).join(',') };
}
