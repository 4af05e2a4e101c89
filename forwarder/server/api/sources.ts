/** `GET /api/v1/sources`: sorted, filtered and paged here, so that ten thousand cost whoever looks nothing. */
import { streamState, type StreamSnapshot } from '../../run/snapshot';
import { Refused } from '../http/exchange';
import { sourcesReadiness } from '../readiness';
import { severities, sourceRow } from './row';
import { whole } from './query';
import { SOURCE_SORTS, type SourcePage, type SourceSort, type SourceState } from './types';
import { withUnstarted } from './unstarted';
import type { View } from './view';

const STATES: readonly (SourceState | 'problem')[] = ['ok', 'starting', 'failing', 'refused', 'paused', 'problem'];
const LIMIT = 100;
const LONGEST = 500;

type Compare = (a: StreamSnapshot, b: StreamSnapshot) => number;

export function sourcesOf(view: View, query: URLSearchParams): SourcePage {
	const { snapshot, known } = view;
	// what it is for the source itself, whatever that means for the process
	const worst = severities([...sourcesReadiness(snapshot).values()].flat(), 'source');
	const { sort, order, q, states, offset, limit } = asked(query);
	const fits = (stream: StreamSnapshot) =>
		(q === '' || stream.name.toLowerCase().includes(q) || stream.provider.toLowerCase().includes(q)) &&
		(states.length === 0 ||
			states.some((state) => (state === 'problem' ? worst.has(stream.name) : streamState(stream) === state)));
	const found = withUnstarted(snapshot).filter(fits);
	const rank = ({ name }: StreamSnapshot) => RANK[worst.get(name) ?? 'none'];
	const number = (read: (stream: StreamSnapshot) => number | undefined): Compare => {
		return (a, b) => (read(b) ?? -1) - (read(a) ?? -1);
	};
	const rates =
		sort === 'rate'
			? new Map(found.map(({ name }) => [name, known.histories.sources.minutes.perMinute(name)]))
			: undefined;
	const byState = number((stream) => STATE_RANK[streamState(stream)]);
	const compare: Record<SourceSort, Compare> = {
		name: byName,
		provider: (a, b) => alphabetic(a.provider, b.provider),
		// not by lag: rows of those that are well would change places all the time
		problems: (a, b) => rank(b) - rank(a) || byState(a, b),
		state: byState,
		lag: number(({ lagMs }) => lagMs),
		rate: number(({ name }) => rates?.get(name)),
		waiting: number(({ stored }) => stored?.waiting),
		deadLetters: number(({ stored }) => stored?.deadLetters),
		gaps: number(({ openGaps }) => openGaps),
	};
	const isAlphabetic = sort === 'name' || sort === 'provider';
	const sign = order === undefined || (order === 'asc') === isAlphabetic ? 1 : -1;
	found.sort((a, b) => sign * compare[sort](a, b) || byName(a, b));
	const rows = found.slice(offset, offset + limit).map((stream) => sourceRow(stream, view, worst.get(stream.name)));
	return { total: found.length, offset, rows };
}

const RANK = { not_ready: 2, degraded: 1, none: 0 };
const STATE_RANK: Record<SourceState, number> = { refused: 4, failing: 3, paused: 2, starting: 1, ok: 0 };

/** The usual comparison of languages takes a second for ten thousand names. */
const alphabetic = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byName: Compare = (a, b) => alphabetic(a.name, b.name);

/** Throws `Refused`. */
function asked(query: URLSearchParams) {
	const sort = (query.get('sort') ?? 'problems') as SourceSort;
	if (!SOURCE_SORTS.includes(sort)) throw unknown('sort', sort, SOURCE_SORTS);
	const order = query.get('order') ?? undefined;
	if (order !== undefined && order !== 'asc' && order !== 'desc') throw unknown('order', order, ['asc', 'desc']);
	const states = (query.get('state') ?? '').split(',').filter(Boolean) as (SourceState | 'problem')[];
	for (const state of states) if (!STATES.includes(state)) throw unknown('state', state, STATES);
	const offset = whole(query, 'offset', 0, Number.MAX_SAFE_INTEGER);
	return {
		sort,
		order,
		states,
		q: (query.get('q') ?? '').toLowerCase(),
		offset,
		limit: whole(query, 'limit', LIMIT, LONGEST, 1),
	};
}

function unknown(key: string, given: string, known: readonly string[]): Refused {
	return new Refused(400, `${key}: ${JSON.stringify(given.slice(0, 40))} is not known`, `Known: ${known.join(', ')}`);
}
