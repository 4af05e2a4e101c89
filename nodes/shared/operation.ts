/** Runs the operation of an action node once per input item. */
import {
	isResourceLocatorValue,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';
import { text } from '../../providers/attributes';
import type { Call, Clock, Provider } from '../../providers/contract';
import { connect, type ApiCredential, type RequestOptions } from './connect';
import { nodeError } from './errors';
import { runtime } from './runtime';

/** What one operation is given for one item. */
export interface Step<Client> {
	client: Client;
	/** Value of a parameter; of a resource locator the value that was picked. */
	parameter<T>(name: string, fallback?: T): T;
	/** A parameter as text without space around it; empty for anything that is no text or number. */
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

export interface Operation<Client> {
	/** Parameters, without the display options for resource and operation. */
	properties: INodeProperties[];
	/** May yield more than the limit; the rest is not asked for. */
	run(step: Step<Client>): AsyncIterable<IDataObject>;
}

export interface Service<Client> {
	provider: Provider;
	credentialType: string;
	client(call: Call, credential: ApiCredential): Client;
	/** By resource, then by operation. */
	operations: Record<string, Record<string, Operation<Client>>>;
}

export async function runOperations<Client>(
	context: IExecuteFunctions,
	service: Service<Client>,
): Promise<INodeExecutionData[][]> {
	const { title } = service.provider;
	const signal = context.getExecutionCancelSignal?.();
	const clientFor = clients(context, service);
	const output: INodeExecutionData[] = [];
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		try {
			const { step, operation } = await prepare(context, service, itemIndex, clientFor);
			// nothing of an item that fails half-way
			const rows: IDataObject[] = [];
			for await (const row of operation.run(step)) {
				if (step.limit !== undefined && rows.length >= step.limit) break;
				rows.push(row);
				if (rows.length === step.limit) break;
			}
			for (const json of rows) output.push({ json, pairedItem: { item: itemIndex } });
		} catch (error) {
			const failure = nodeError(error, { node: context.getNode(), title, itemIndex });
			if (!context.continueOnFail() || signal?.aborted) throw failure;
			const words = [failure.message, failure.description].filter(Boolean).join('. ');
			output.push({ json: { error: words }, pairedItem: { item: itemIndex } });
		}
	}
	return [output];
}

/** Longer than that nobody knows whether an execution still does something. */
const MAX_WAIT_MS = 60_000;

/** One client per number of retries: it remembers what the provider refuses. */
function clients<Client>(context: IExecuteFunctions, service: Service<Client>) {
	const known = new Map<number | undefined, Client>();
	return async (options: RequestOptions): Promise<Client> => {
		const { credentialType, provider } = service;
		const { call, credential } = await connect(context, credentialType, provider, {
			keepTryingMs: MAX_WAIT_MS,
			...options,
		});
		const client = known.get(options.retries) ?? service.client(call, credential);
		known.set(options.retries, client);
		return client;
	};
}

async function prepare<Client>(
	context: IExecuteFunctions,
	service: Service<Client>,
	itemIndex: number,
	clientFor: (options: RequestOptions) => Promise<Client>,
): Promise<{ step: Step<Client>; operation: Operation<Client> }> {
	const parameter = <T>(name: string, fallback?: T) => {
		// n8n's own extractValue throws for a parameter that is not shown
		const value = context.getNodeParameter(name, itemIndex, fallback) as T;
		return isResourceLocatorValue(value) ? (value.value as T) : value;
	};
	const resource = parameter<string>('resource');
	const name = parameter<string>('operation');
	const operation = service.operations[resource]?.[name];
	if (!operation) throw new TypeError(`There is no operation ${name} of ${resource}.`);
	const options = parameter<Step<Client>['options']>('options', {});
	const returnAll = parameter('returnAll', true);
	const step: Step<Client> = {
		client: await clientFor(options),
		parameter,
		words: (name) => text(parameter<unknown>(name, ''))?.trim() ?? '',
		options,
		limit: returnAll ? undefined : parameter('limit', 50),
		simplify: parameter('simplify', false),
		timezone: context.getTimezone(),
		signal: context.getExecutionCancelSignal?.(),
		clock: runtime.clock,
		itemIndex,
		context,
		hint: (message) => context.addExecutionHints?.({ message, location: 'outputPane' }),
	};
	return { step, operation };
}
