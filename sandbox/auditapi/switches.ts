/** Where AuditAPI's documentation is silent, both readings can be switched on. */
export interface AuditApiSwitches {
	/** Creation is asynchronous: 404 until then. */
	storeDelayMs: number;
	createdStatus: 200 | 201 | 202;
	timestampStaysInPayload: boolean;
	/** The page next to the cursor, or the newest page. */
	endingBefore: 'adjacent' | 'newest';
	/** What `has_more` speaks of when paging with `ending_before`. */
	climbingHasMore: 'newer' | 'older';
	/** Minutes east of UTC in which a calendar day is meant, and whether `end_date` itself is in. */
	dayOffsetMinutes: number;
	endDate: 'inclusive' | 'exclusive';
	/** Fault: the days do not count. */
	timeFilter: 'day' | 'ignored';
	/** Tie order is unspecified. */
	ties: 'newest-first' | 'oldest-first';
	/** One of five shapes for every error, or each status in the shape of its fixture. */
	errors: 'by-status' | ErrorShape;
	unknownCursor: 404 | 422;
	/** Events that may still be created; beyond it 402. */
	quota: number;
	/** Bytes; beyond it 413. */
	maxPayload: number;
	/** Requests a minute; 0 for no limit. Numbers and headers are unpublished. */
	requestsPerMinute: number;
	retryAfter: 'seconds' | 'date' | 'absent';
	/** Fault. */
	hasMore: 'right' | 'always' | 'never';
	/** Difference between the `Date` header and the clock. */
	dateSkewMs: number;
}

export type ErrorShape = 'error-string' | 'error-object' | 'message' | 'errors-array' | 'errors-object';

export const auditApiDefaults: AuditApiSwitches = {
	storeDelayMs: 1500,
	createdStatus: 200,
	timestampStaysInPayload: false,
	endingBefore: 'adjacent',
	climbingHasMore: 'newer',
	dayOffsetMinutes: 0,
	endDate: 'inclusive',
	timeFilter: 'day',
	ties: 'newest-first',
	errors: 'by-status',
	unknownCursor: 404,
	quota: Number.POSITIVE_INFINITY,
	maxPayload: 256 * 1024,
	requestsPerMinute: 0,
	retryAfter: 'seconds',
	hasMore: 'right',
	dateSkewMs: 0,
};
