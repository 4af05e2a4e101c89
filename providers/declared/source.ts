/** The list as the walk reads it. */
import type { Ask, Call, Position, Range, Source } from '../../core/contract';
import type { Door, Provider, Settings, Sizes } from '../../core/provider';
import { describeFailure, PositionRejected, RequestError } from '../../core/http/failure';
import { serverTime } from '../../core/http/retryAfter';
import { pageSizes } from '../../core/pageSizes';
import { events } from '../list';
import { boundTexts, isUpperSent, reachOf, sliceOf, type Slice } from './bounds';
import type { Declaration } from './form/declaration';
import { elementsOf } from './list';
import { nextOf } from './paging';
import { requestOf, type Cursor } from './request';
import { filledIn, valuesOf } from './template';

const GONE: readonly number[] = [400, 404, 410, 422];

/**
 * Positions: `value` goes into the parameter for it, `query` is the provider's own; `from` and `to` are the present slice and
 * the upper end of the walk, where those are ours.
 */
export function declaredSource(
	declaration: Declaration,
	readEvent: Provider['event'],
	{ call, settings, sizes: configured, door }: { call: Call; settings: Settings; sizes: Sizes; door: Door },
): Source {
	const { bounds, page: paging, refused = GONE, rejected } = declaration;
	const values = valuesOf(declaration, settings);
	const own = [door.baseUrl, filledIn(declaration.baseUrl, values)];
	// other sizes would begin the pages elsewhere, or are not taken
	const sizes = pageSizes(
		configured,
		() => paging.size === undefined || paging.kind === 'page' || paging.kind === 'none',
	);

	return {
		sizes,
		onRejected: rejected === 'below' ? 'continueBelowOldest' : 'restart',
		reach: reachOf(bounds),
		...(bounds.on === 'stored' && { bounds: 'stored' as const }),
		async page(range, position, signal, { size = sizes.usual, skim }: Ask = {}) {
			const slice = sliceOf(bounds, paging, range, position, door.clock);
			const before = cursorOf(position);
			const texts = boundTexts(bounds, slice);
			const request = requestOf(declaration, {
				values: { ...values, ...texts, pageSize: String(size) },
				cursor: before,
				isBounded: slice.to !== undefined && isUpperSent(bounds),
				skim,
				signal,
			});
			const reply = await call(request).catch((error: unknown) => {
				throw (before && refusal(error, refused)) ?? error;
			});
			const elements = elementsOf(declaration, request, reply);
			const next = positionAfter(range, slice, nextOf(declaration, { request, reply, elements, before, own }));
			return { ...events({ elements }, readEvent), next, serverTime: serverTime(reply.headers) };
		},
	};
}

function positionAfter(
	range: Range,
	{ from, next: later, frozen }: Slice,
	next: Cursor | undefined,
): Position | undefined {
	const end: Position = frozen === undefined ? {} : { to: String(frozen) };
	if (!next) return later === undefined ? undefined : { ...end, from: String(later) };
	const where: Position = next.kind === 'value' ? { value: next.value } : { query: next.query };
	return { ...end, ...(from !== range.lower && { from: String(from) }), ...where };
}

function cursorOf(position: Position = {}): Cursor | undefined {
	const { value, query } = position;
	if (value !== undefined) return { kind: 'value', value: String(value) };
	return query === undefined ? undefined : { kind: 'query', query: String(query) };
}

function refusal(error: unknown, statuses: readonly number[]): PositionRejected | undefined {
	if (!(error instanceof RequestError) || error.failure.kind !== 'http') return undefined;
	return statuses.includes(error.failure.status) ? new PositionRejected(describeFailure(error.failure)) : undefined;
}
