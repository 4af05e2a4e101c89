/** Begins a stream, and looks again at a past span of it. */
import type { Range } from '../contract';
import { formatInstant } from '../time';
import type { Gap, Nanos, StreamStore } from './contract';
import { poll, type WalkDeps } from './walk';

/**
 * First start: the watermark is the configured start, and a gap record says that nothing before it is collected.
 * `lost` says why an earlier state is missing: events may be repeated from the start on, or be missing before it. `lossy` says
 * why the provider cannot be read without loss.
 */
export async function beginStream(
	store: StreamStore,
	start: Nanos,
	observed: Nanos,
	{ lost, lossy }: { lost?: string | undefined; lossy?: string | undefined } = {},
): Promise<void> {
	const lowered = lossy === undefined ? '' : `; later ones can be lost: ${lossy}`;
	const detail = `collection starts at ${formatInstant(start)}; earlier events are not collected${lowered}`;
	const gaps: Gap[] = [{ reason: 'collection_start', to: start, detail }];
	if (lost !== undefined) gaps.push({ reason: 'state_lost', to: start, detail: lost });
	await store.commit({ start, watermark: start, observed, gaps });
}

/** The start turns out to lie too late, and nothing was read from it on: because a clock was ahead when it was chosen. */
export async function moveStart(store: StreamStore, to: Nanos, from: Nanos, observed: Nanos): Promise<void> {
	const detail = `collection starts at ${formatInstant(to)}, not at ${formatInstant(from)}: this machine's clock was ahead of the provider's`;
	await store.commit({ start: to, watermark: to, observed, gaps: [{ reason: 'collection_start', to, detail }] });
}

/**
 * Reconcile sweep: reads a past range again and ships what was not seen. Its position is not kept: a sweep that was cut off
 * is simply done again. Never touches the watermark.
 */
export async function sweep(deps: WalkDeps, range: Range): Promise<void> {
	const { store } = deps;
	const detached: StreamStore = {
		...store,
		load: async () => {
			const state = await store.load();
			const walk = { windows: [range] as const, pages: 0, rejections: 0 };
			return state && { ...state, walk, kept: undefined };
		},
		commit: ({ fresh, seen, invalid, gaps, observed }) => store.commit({ fresh, seen, invalid, gaps, observed }),
	};
	await poll({ ...deps, store: detached });
}
