/** Turns what the core throws into n8n's errors: what happened, what to do, and whose turn it is (`failure`). */
import { NodeApiError, NodeOperationError, type Failure as Cause, type INode } from 'n8n-workflow';
import type { Provider } from '../../core/provider';
import { formatInstant, fromMillis } from '../../core/time';
import { runtime } from './runtime';
import { PositionRejected, RequestError, type Failure, type HttpFailure } from '../../core/http/failure';

/** A parameter that cannot be used. The message says which, the description what to do. */
export class InvalidInput extends Error {
	override name = 'InvalidInput';

	constructor(
		message: string,
		readonly description?: string,
	) {
		super(message);
	}
}

/** What an advice needs to know of a provider. */
export type Told = Pick<Provider, 'title' | 'settings' | 'declaration'>;

export interface Occasion {
	node: INode;
	/** As people write it. */
	title: string;
	/** Whose credential was used. Absent: none of a provider. */
	provider?: Told;
	itemIndex?: number;
}

interface Words {
	message: string;
	advice: string;
	failure?: Cause;
}

export function nodeError(
	error: unknown,
	{ node, title, provider, itemIndex }: Occasion,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		// wrapping it again would drop everything new
		if (itemIndex !== undefined) error.context.itemIndex ??= itemIndex;
		return error;
	}
	if (error instanceof RequestError) {
		const { failure } = error;
		const { message, advice, failure: cause } = words(failure, title, provider);
		const httpCode = 'status' in failure ? String(failure.status) : undefined;
		const description = `${advice} ${details(failure)}`;
		return new NodeApiError(node, { message }, { message, description, httpCode, itemIndex, failure: cause });
	}
	if (error instanceof InvalidInput || error instanceof TypeError) {
		const { description } = error as InvalidInput;
		return new NodeOperationError(node, error.message, {
			description,
			itemIndex,
			failure: { cause: 'configuration-invalid' },
		});
	}
	const cause = error instanceof PositionRejected ? 'temporarily-unavailable' : 'node-defect';
	const message = error instanceof Error ? error.message : 'Stopped for an unknown reason';
	return new NodeOperationError(node, message, { itemIndex, failure: { cause } });
}

function words(failure: Failure, title: string, provider: Told | undefined): Words {
	switch (failure.kind) {
		case 'http':
			return httpWords(failure, title, provider);
		case 'network':
			return {
				message: `No connection to ${title}`,
				advice: 'Check the base URL in the credential and the network of this n8n; else try again later.',
				failure: { cause: 'temporarily-unavailable' },
			};
		case 'timeout':
			return {
				message: `${title} did not answer in time`,
				advice: 'Try again later, or ask for less at a time with a smaller page size.',
				failure: { cause: 'temporarily-unavailable' },
			};
		case 'malformed':
			return {
				message: `${title} sent something that is not the answer`,
				advice:
					'A proxy or a login page may have answered. Check the base URL in the credential; else try again later.',
				failure: { cause: 'temporarily-unavailable' },
			};
		case 'tooLarge':
			return {
				message: `The answer of ${title} is too large`,
				advice: 'Ask for less at a time with a smaller page size.',
				failure: { cause: 'configuration-invalid' },
			};
		case 'aborted':
			return { message: `The request to ${title} was cancelled`, advice: 'The execution was stopped.' };
	}
}

function httpWords(failure: HttpFailure & { path: string }, title: string, provider: Told | undefined): Words {
	const { status, required } = failure;
	const actionable = (
		message: string,
		advice: string,
		cause: 'credential-invalid' | 'configuration-invalid',
	): Words => ({
		message,
		advice,
		failure: { cause },
	});
	if (status === 401) {
		const advice = 'Check the key in the credential: it may be mistyped, expired or deleted.';
		return actionable(`${title} did not accept the API key`, advice, 'credential-invalid');
	}
	if (status === 403) {
		const advice = required
			? `Give the key the scope ${required}, or use another key.`
			: 'Give the key the rights for this, or use another key.';
		return actionable(`The API key is not allowed to do this in ${title}`, advice, 'credential-invalid');
	}
	if (status === 404) {
		const id = idIn(failure.path);
		const where = ['base URL', provider && accountOf(provider)].filter(Boolean).join(' and ');
		const advice = id
			? `Check the ID ${id}, and the ${where} in the credential.`
			: `Check the ${where} in the credential.`;
		return actionable(`${title} does not know what was asked for`, advice, 'configuration-invalid');
	}
	if (status === 402) {
		return {
			message: `The quota of the ${title} plan is used up`,
			advice: 'Upgrade the plan or wait for the next period.',
			failure: { cause: 'quota-exhausted' },
		};
	}
	if (status >= 300 && status < 400) {
		const advice =
			'Redirects are not followed, because they would carry the key to another host. Enter the address to which it leads in the credential.';
		return actionable(`${title} answered with a redirect`, advice, 'configuration-invalid');
	}
	if (status === 413) {
		return actionable(`${title} finds the event too large`, 'Send less in one event.', 'configuration-invalid');
	}
	if (status === 429) {
		const wait = Math.max(failure.retryAfterMs ?? 0, failure.resetMs ?? 0);
		return {
			message: `${title} allows no more requests for now`,
			advice: `${again(wait)} Where this happens often, set fewer requests per minute.`,
			failure: { cause: 'rate-limited', ...(wait > 0 && { retryAfterMs: wait }) },
		};
	}
	if (status === 501) {
		const advice = 'The service documents this, but has not switched it on for this account.';
		return actionable(`${title} does not offer this`, advice, 'configuration-invalid');
	}
	if (status >= 500 || status === 408 || status === 425) {
		const { retryAfterMs } = failure;
		return {
			message: `${title} is not available right now`,
			advice: again(retryAfterMs),
			failure: { cause: 'temporarily-unavailable', ...(retryAfterMs !== undefined && { retryAfterMs }) },
		};
	}
	return actionable(`${title} refused the request`, 'Check the parameters of this node.', 'configuration-invalid');
}

/** What a credential has besides the base URL to say whose data it is for. With the others the key says it. */
function accountOf({ settings, declaration }: Told): string | undefined {
	// what a declaration asks for is in the node
	if (declaration) return undefined;
	const title = Object.values(settings).find(({ tenant }) => tenant)?.title;
	return title && title.charAt(0).toLowerCase() + title.slice(1);
}

/** The last part of a path that is not a word: ids have digits. */
function idIn(path: string): string | undefined {
	return path.split('/').findLast((part) => /\d/.test(part));
}

/** What the service asked for holds for whatever shares the credential, so none of it needs to find out for itself. */
function again(waitMs = 0): string {
	if (waitMs === 0) return 'Try again later.';
	const seconds = Math.ceil(waitMs / 1000);
	const until = formatInstant(fromMillis(runtime.clock.now() + seconds * 1000), 0);
	return `Try again in ${seconds} s: nodes and triggers with this credential are paused until ${until}.`;
}

/** Status, the provider's own words and the request id: what its support asks for. Never a header or a key. */
function details(failure: Failure): string {
	const where = `${failure.method} ${failure.path}`;
	switch (failure.kind) {
		case 'http': {
			const { status, message, code, param, requestId } = failure;
			const parts = [
				`${where}: status ${status}`,
				message && `"${message}"`,
				code && code !== message && `code ${code}`,
				param && `parameter ${param}`,
				requestId && `request ID ${requestId}`,
			];
			return parts.filter(Boolean).join(', ');
		}
		case 'malformed':
			return `${where}: status ${failure.status}, but ${failure.detail}`;
		case 'network':
			return `${where}: ${failure.code}`;
		case 'timeout':
		case 'tooLarge':
		case 'aborted':
			return where;
	}
}
