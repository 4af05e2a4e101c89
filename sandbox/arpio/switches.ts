/** Where Arpio's documentation contradicts itself or is silent, both readings can be switched on. */
export interface ArpioSwitches {
	/** `{events}`, the bare array of the vendor's sample, or an object with another key. */
	envelope: 'object' | 'array' | { readonly key: string };
	/** Where the token travels. A bare array has no body field, so there it is only seen with `header`. */
	token: 'body' | 'header';
	tokenHeader: 'nextToken' | 'x-next-token' | 'link';
	/** How the last page says so (absent, empty or null). */
	lastToken: 'absent' | 'null' | 'empty';
	/** Refused altogether; more than `cap` gives as many; more than `most` is refused. */
	pageSize: 'honoured' | 'rejected' | { readonly cap: number } | { readonly most: number; readonly refusal: 400 | 422 };
	defaultPageSize: number;
	/** The 2021 client sent base64. */
	keyEncoding: 'plain' | 'base64';
	/** Shuffled is the same odd order every time. */
	order: 'ascending' | 'descending' | 'shuffled';
	/** Offsets repeat a row when something is inserted before them, and hide one when something is deleted. */
	tokenKind: 'keyset' | 'offset';
	tokenExpiryMs: number;
	/** What a rejected token is answered with. */
	tokenRejection: 400 | 401 | 403 | 404 | 410 | 422;
	/** Whether a token refuses another window than its own, or the query of each request decides. */
	tokenWindow: 'from-query' | 'bound';
	/** Every n-th page is empty but has a token; 0 for never. */
	emptyPageEvery: number;
	/** Fault: the token that was sent comes back. */
	repeatToken: boolean;
	upperBound: 'inclusive' | 'exclusive';
	/** Fault: both bounds count as whole UTC days, or not at all. */
	timeFilter: 'exact' | 'day' | 'ignored';
	applications: 'array' | 'applications' | 'items';
	applicationIdKey: 'appId' | 'id';
	appScopedKey: 'forbidden' | 'filtered';
	resourceTypes: 'offered' | 'gone';
	/** Reads are audited, so a poller very likely causes events itself. */
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
