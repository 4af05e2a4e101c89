/** What a change makes of the state of a stream, wherever it is kept. */
import type { Change, StreamState } from './contract';

export function applied(state: StreamState, change: Change): StreamState {
	const { start = state.start, watermark = state.watermark, walk = state.walk, kept = state.kept, gaps } = change;
	const filterIgnored = state.filterIgnored || gaps?.some(({ reason }) => reason === 'filter_ignored');
	return { ...state, start, watermark, walk: walk ?? undefined, kept, filterIgnored };
}
