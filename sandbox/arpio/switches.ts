/** Where Arpio's documentation contradicts itself or is silent, both readings can be switched on (arpio.md §12). */
export interface ArpioSwitches {
	/** §12-1: `{events}`, the bare array of the vendor's sample, or an object with another key. */
	envelope: 'object' | 'array' | { readonly key: string };
	/** §12-2: where the token travels. A bare array has no body field, so there it is only seen with `header`. */
	token: 'body' | 'header';
	tokenHeader: 'nextToken' | 'x-next-token' | 'link';
	/** How the last page says so (§4: absent, empty or null). */
	lastToken: 'absent' | 'null' | 'empty';
	/** §12-4. */
	/** Refused altogether; more than `cap` gives as many; more than `most` is refused. */
	pageSize: 'honoured' | 'rejected' | { readonly cap: number } | { readonly most: number; readonly refusal: 400 | 422 };
	defaultPageSize: number;
	/** §12-5: the 2021 client sent base64. */
	keyEncoding: 'plain' | 'base64';
	/** §12-6. Shuffled is the same odd order every time. */
	order: 'ascending' | 'descending' | 'shuffled';
	/** §12-7. Offsets repeat a row when something is inserted before them, and hide one when something is deleted. */
	tokenKind: 'keyset' | 'offset';
	tokenExpiryMs: number;
	/** What a rejected token is answered with (lossless-polling.md §5.2). */
	tokenRejection: 400 | 401 | 403 | 404 | 410 | 422;
	/** Whether a token refuses another window than its own, or the query of each request decides. */
	tokenWindow: 'from-query' | 'bound';
	/** §4: every n-th page is empty but has a token; 0 for never. */
	emptyPageEvery: number;
	/** Fault: the token that was sent comes back. */
	repeatToken: boolean;
	/** §12-11. */
	upperBound: 'inclusive' | 'exclusive';
	/** Fault: both bounds count as whole UTC days, or not at all. */
	timeFilter: 'exact' | 'day' | 'ignored';
	/** §12-14. */
	applications: 'array' | 'applications' | 'items';
	/** §12-15. */
	applicationIdKey: 'appId' | 'id';
	/** §12-16. */
	appScopedKey: 'forbidden' | 'filtered';
	/** §12-13. */
	resourceTypes: 'offered' | 'gone';
	/** §10: reads are audited, so a poller very likely causes events itself. */
	auditsOwnReads: boolean;
	/** Difference between the `Date` header and the clock. */
	dateSkewMs: number;
}

export const arpioDefaults: ArpioSwitches = {
	envelope: 'object',
	token: 'body',
	tokenHeader: 'nextToken',
	lastToken: 'absent',
	pageSize: 'honoured',
	defaultPageSize: 100,
	keyEncoding: 'plain',
	order: 'ascending',
	tokenKind: 'keyset',
	tokenExpiryMs: 15 * 60_000,
	tokenRejection: 400,
	tokenWindow: 'from-query',
	emptyPageEvery: 0,
	repeatToken: false,
	upperBound: 'inclusive',
	timeFilter: 'exact',
	applications: 'array',
	applicationIdKey: 'appId',
	appScopedKey: 'filtered',
	resourceTypes: 'gone',
	auditsOwnReads: false,
	dateSkewMs: 0,
};
