/** What a change makes of the state of a stream, wherever it is kept. */
import type { Change, StreamState } from './contract';

/** Those members that the change says something about. */
export function changed({ start, watermark, walk, kept, gaps }: Change): Partial<StreamState> {
	return {
		...(start !== undefined && { start }),
		...(watermark !== undefined && { watermark }),
		...(walk !== undefined && { walk: walk ?? undefined }),
		...(kept && { kept }),
		...(gaps?.some(({ reason }) => reason === 'filter_ignored') && { filterIgnored: true }),
	};
}

export function applied(state: StreamState, change: Change): StreamState {
	return { ...state, ...changed(change) };
}
