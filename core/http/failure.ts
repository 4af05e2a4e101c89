/** What can go wrong with a request. Carries no header and no key, so it can be logged as it is. */
export type Failure = { method: string; path: string } & (
	| { kind: 'network'; code: string }
	| { kind: 'timeout'; phase: 'connect' | 'headers' | 'body' }
	/** The body grew past `limitBytes` while it was read. */
	| { kind: 'tooLarge'; limitBytes: number }
	/** 2xx, but not the JSON that was asked for (HTML of a proxy, cut-off text, another shape). Worth a retry. */
	| { kind: 'malformed'; status: number; detail: string }
	| HttpFailure
	| { kind: 'aborted' }
);

export interface HttpFailure {
	kind: 'http';
	status: number;
	/** The provider's own words, at most 500 characters. */
	message?: string;
	/** Machine-readable code of the provider. */
	code?: string;
	/** Parameter that the provider complains about. */
	param?: string;
	/** Scope that the key lacks. */
	required?: string;
	requestId?: string;
	/** `Retry-After`, milliseconds from the answer on. */
	retryAfterMs?: number;
	/** `X-RateLimit-Reset`, milliseconds from the answer on. */
	resetMs?: number;
}

/** The only error that leaves a transport or a provider client. */
export class RequestError extends Error {
	override name = 'RequestError';

	constructor(readonly failure: Failure) {
		super(describeFailure(failure));
	}
}

/** The provider no longer accepts a continuation token or cursor: unknown, expired or deleted. */
export class PositionRejected extends Error {
	override name = 'PositionRejected';
}

export function describeFailure(failure: Failure): string {
	const where = `${failure.method} ${failure.path}`;
	switch (failure.kind) {
		case 'network':
			return `${where}: no connection (${failure.code})`;
		case 'timeout':
			return `${where}: no answer in time (${failure.phase})`;
		case 'tooLarge':
			return `${where}: answer larger than ${failure.limitBytes} bytes`;
		case 'malformed':
			return `${where}: status ${failure.status}, but ${failure.detail}`;
		case 'aborted':
			return `${where}: stopped`;
		case 'http': {
			const details = [
				failure.message,
				failure.code && failure.code !== failure.message ? `code ${failure.code}` : undefined,
				failure.param && `parameter ${failure.param}`,
				failure.required && `missing scope ${failure.required}`,
				failure.requestId && `request ${failure.requestId}`,
			].filter(Boolean);
			return `${where}: status ${failure.status}${details.length ? ` (${details.join('; ')})` : ''}`;
		}
	}
}

/** Whether the same request may succeed later without anybody changing anything. */
export function isTransient(failure: Failure): boolean {
	switch (failure.kind) {
		case 'network':
		case 'timeout':
		case 'malformed':
			return true;
		case 'http':
			return failure.status === 408 || failure.status === 425 || failure.status === 429 || failure.status >= 500
				? failure.status !== 501
				: false;
		default:
			return false;
	}
}
