/** Where Arcus ERP's documentation contradicts itself or is silent, both readings can be switched on. */
export interface ArcusSwitches {
	paths: 'flat' | 'entity' | 'both';
	maxLimit: 200 | 100;
	limitError: 422 | 400;
	nextCursor: 'present' | 'null';
	totalCount: 'present' | 'absent' | 'on-request';
	/** What the parameter `search` does. */
	search: 'applied' | 'ignored' | 'rejected';
	listExpand: 'accepted' | 'rejected';
	/** Rows beyond it stay unexpanded and the envelope says `truncated`. */
	hydrationLimit: number;
	/** Paths the limit counts for; whether `diff` and `chain` are relations is not said. */
	hydrationPaths: readonly ExpandPath[];
	/** The chain is an admin matter, asking for it adds nothing. */
	chain: 'visible' | 'hidden';
	fromDate: 'inclusive' | 'exclusive';
	toDate: 'inclusive' | 'exclusive';
	/** Fault: both bounds count as whole UTC days, or not at all. */
	timeFilter: 'exact' | 'day' | 'ignored';
	/** Among equal `created_at` in the newest-first list. */
	ties: 'newest-first' | 'oldest-first';
	/** A documented endpoint may answer 501. */
	verify: 'live' | 'not-implemented';
	stats: 'live' | 'not-implemented';
	activity: 'live' | 'not-implemented';
	/** Whether the status of a webhook endpoint can be changed: which fields an update takes is not said. */
	webhookStatus: 'writable' | 'read-only';
	/** Scope an expand path needs beyond the endpoint's own. */
	expandScopes: Partial<Record<ExpandPath, string>>;
	/** What an unknown cursor is answered with. */
	unknownCursor: 404 | 400;
	/** Fault. */
	hasMore: 'right' | 'always' | 'never';
	/** By the key's tier. */
	rateLimit: 'tier' | 'off' | RateLimit;
	/** Difference between the `Date` header and the clock. */
	dateSkewMs: number;
}

export type ExpandPath = 'actor' | 'resource' | 'diff' | 'chain';

export interface RateLimit {
	readonly perMinute: number;
	readonly perSecond: number;
}

export const arcusDefaults: ArcusSwitches = {
	paths: 'flat',
	maxLimit: 200,
	limitError: 422,
	nextCursor: 'present',
	totalCount: 'present',
	search: 'applied',
	listExpand: 'accepted',
	hydrationLimit: 100,
	hydrationPaths: ['actor', 'resource'],
	chain: 'visible',
	fromDate: 'inclusive',
	toDate: 'inclusive',
	timeFilter: 'exact',
	ties: 'newest-first',
	verify: 'live',
	stats: 'live',
	activity: 'live',
	webhookStatus: 'writable',
	expandScopes: {},
	unknownCursor: 404,
	hasMore: 'right',
	rateLimit: 'tier',
	dateSkewMs: 0,
};
