/** What an operation is given for one input item. */
import { isResourceLocatorValue, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { text } from '../../core/record/attributes';
import type { Call, Clock } from '../../core/contract';
import type { Provider, Settings } from '../../core/provider';
import { connect, type RequestOptions } from './connect';
import { runtime } from './runtime';

export interface Step<Client> {
	client: Client;
	/** Value of a parameter; of a resource locator the value that was picked. */
	parameter<T>(name: string, fallback?: T): T;
	/** A parameter as text without space around it; empty for anything that is not text or number. */
	words(name: string): string;
	/** Entries of the collection `options`. */
	options: RequestOptions & { pageSize?: number; includeRaw?: boolean } & IDataObject;
	/** Undefined with Return All. */
	limit?: number;
	simplify: boolean;
	/** IANA name of the workflow's time zone. */
	timezone: string;
	signal?: AbortSignal;
	clock: Clock;
	itemIndex: number;
	context: IExecuteFunctions;
	/** Shown with the output: something that people should know, although it worked. */
	hint(message: string): void;
}

export interface Connecting<Client> {
	provider: Provider;
	credentialType: string;
	client(call: Call, settings: Settings): Client;
}

/** Longer than that nobody knows whether an execution still does something. */
const MAX_WAIT_MS = 60_000;

/** Makes the steps of one execution. One client per number of retries: it remembers what the provider refuses. */
export function steps<Client>(
	context: IExecuteFunctions,
	{ credentialType, provider, client }: Connecting<Client>,
): (itemIndex: number) => Promise<Step<Client>> {
	const known = new Map<number | undefined, Promise<Client>>();
	const connected = async (options: RequestOptions): Promise<Client> => {
		const { call, settings } = await connect(context, credentialType, provider, {
			keepTryingMs: MAX_WAIT_MS,
			...options,
		});
		return client(call, settings);
	};
	// all wait for one answer: items that run side by side begin in their order
	const clientFor = (options: RequestOptions): Promise<Client> => {
		const one = known.get(options.retries) ?? connected(options);
		known.set(options.retries, one);
		return one;
	};

	return async (itemIndex) => {
		const parameter = <T>(name: string, fallback?: T) => {
			// n8n's own extractValue throws for a parameter that is not shown
			const value = context.getNodeParameter(name, itemIndex, fallback) as T;
			return isResourceLocatorValue(value) ? (value.value as T) : value;
		};
		const options = parameter<Step<Client>['options']>('options', {});
		return {
			client: await clientFor(options),
			parameter,
			words: (name) => text(parameter<unknown>(name, ''))?.trim() ?? '',
			options,
			limit: parameter('returnAll', true) ? undefined : parameter('limit', 50),
			simplify: parameter('simplify', false),
			timezone: context.getTimezone(),
			signal: context.getExecutionCancelSignal?.(),
			clock: runtime.clock,
			itemIndex,
			context,
			hint: (message) => context.addExecutionHints?.({ message, location: 'outputPane' }),
		};
	};
}
