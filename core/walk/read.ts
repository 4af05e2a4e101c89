/** One page of a walk; or what is in the way of it: the size of the page, its position, or the provider. */
import type { Nanos, Page, Source } from '../contract';
import { PositionRejected, RequestError } from '../http/failure';
import type { StreamState, Walk } from './contract';
import { smaller, withoutCut } from './pageSize';
import { recover } from './steps';

export type Reading =
	/** `walk`: as it asked in the end. */
	| { kind: 'page'; page: Page; walk: Walk }
	/** Too large: to be asked for as this walk does. */
	| { kind: 'tooLarge'; walk: Walk; reason: string }
	/** The provider refuses the position; or it fails again and again, while the same range without it can be read. */
	| { kind: 'refused' | 'failing'; rejected: PositionRejected };

/** Throws what the source throws, when it is the provider that is at fault. */
export async function read(
	state: StreamState,
	walk: Walk,
	source: Source,
	now: Nanos,
	signal?: AbortSignal,
): Promise<Reading> {
	return pageOf(walk, source, signal).then(
		(page): Reading => ({ kind: 'page', page, walk }),
		(error: unknown) => obstacle(error),
	);

	async function obstacle(error: unknown): Promise<Reading> {
		const less = error instanceof RequestError && smaller(walk, error.failure, now, source);
		if (less) return { kind: 'tooLarge', walk: less, reason: error.message };
		if (saysNothing(error)) throw error;
		if (source.sizes && walk.size !== undefined && walk.size > source.sizes.usual) {
			const reading = await read(state, { ...walk, size: undefined }, source, now, signal);
			// the usual size works: so it was the size
			if (reading.kind === 'page') source.sizes.refused(walk.size);
			return reading;
		}
		if (!walk.position) throw error;
		if (error instanceof PositionRejected) return { kind: 'refused', rejected: error };
		return failingAt(state, walk, source, error, signal);
	}
}

/**
 * The position, or the provider? Only when the range can be read without the position, and then still not with it, it is the
 * position. A wrong guess would lose nothing: the range is read again.
 */
async function failingAt(
	state: StreamState,
	walk: Walk,
	source: Source,
	error: unknown,
	signal?: AbortSignal,
): Promise<Reading> {
	const without = { ...recover(state, walk, source).walk, size: 1, skim: true };
	const works = await pageOf(without, source, signal).then(
		() => true,
		() => false,
	);
	if (!works) throw error;
	return pageOf(walk, source, signal).then(
		(page): Reading => ({ kind: 'page', page, walk }),
		(again: unknown): Reading => {
			if (saysNothing(again)) throw again;
			return { kind: 'failing', rejected: new PositionRejected((again as Error).message) };
		},
	);
}

async function pageOf(
	{ windows, below, position, size, skim }: Walk,
	source: Source,
	signal?: AbortSignal,
): Promise<Page> {
	const range = below === undefined ? windows[0] : { ...windows[0], upper: below };
	const page = await source.page(range, position, signal, { size, skim });
	return skim ? withoutCut(page) : page;
}

/** For whoever reads a page or two and keeps no walk: what is too large is asked for in less at once. */
export function fitting(source: Source): Source {
	return {
		...source,
		async page(range, position, signal) {
			const sizes = source.sizes?.isFixed ? undefined : source.sizes;
			for (let walk: Walk = { windows: [range], position, pages: 0, rejections: 0 }; ;) {
				const page = await pageOf(walk, source, signal).catch((error: unknown) => {
					const less = error instanceof RequestError && smaller(walk, error.failure, 0n, { sizes });
					if (!less) throw error;
					walk = less;
				});
				if (page) return page;
			}
		},
	};
}

/** Neither of the position nor of the size. */
function saysNothing(error: unknown): boolean {
	if (!(error instanceof RequestError)) return false;
	const { failure } = error;
	return failure.kind === 'aborted' || (failure.kind === 'http' && failure.status === 429);
}
