/** What a declaration leaves open, and what servers do besides: each of it can be switched. */

export interface Readings {
	order: 'oldest' | 'newest' | 'arrival' | 'newestArrival' | 'shuffled';
	/** Whether an event at the bound itself is listed. */
	lower: 'inclusive' | 'exclusive';
	upper: 'inclusive' | 'exclusive';
	/** What the server makes of a bound that is finer than it can compare. */
	precision: 'exact' | 'seconds' | 'days';
	/** How far the days of the server are ahead of UTC. */
	zoneHours: number;
	/** What the last page carries. */
	end: End;
	/** Filters beside a position: needed, or carried by the position itself; forgotten or refused when they are not as the server wants them. */
	filters: 'asDeclared' | 'forgotten' | 'refused';
	/** What a position looks like. */
	position: 'short' | 'awkward' | 'long' | 'number';
	link: 'plain' | 'amongOthers' | 'unquoted' | 'relative' | 'twoHeaders' | 'commas';
	/** Letters of the path in a followed address. */
	path: 'same' | 'upperCase';
	/** What an API that says how many there are makes of it. */
	count: 'right' | 'tooHigh' | 'tooLow';
	/** An empty list is not there. Only where the declaration says so. */
	emptyList: 'there' | 'absent' | 'null';
	/** Half of what was asked for now and then; or none, with a position to go on from. */
	pages: 'full' | 'short' | 'gaps';
	/** Elements of a page when the request names no number. */
	serverPageSize: number;
	/** Milliseconds after which a token is refused, whatever was said when it was given. */
	tokensLast: number;
}

/** absent, null and empty: no position. more: a position, and empty pages forever. same: the one that was used. flag, attribute, total: as the declaration names them. */
export type End = 'absent' | 'null' | 'empty' | 'more' | 'same' | 'flag' | 'attribute' | 'total';

export const plain: Readings = {
	order: 'oldest',
	lower: 'inclusive',
	upper: 'inclusive',
	precision: 'exact',
	zoneHours: 0,
	end: 'absent',
	filters: 'asDeclared',
	position: 'short',
	link: 'plain',
	path: 'same',
	count: 'right',
	emptyList: 'there',
	pages: 'full',
	serverPageSize: 5,
	tokensLast: Infinity,
};
