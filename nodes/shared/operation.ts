/** Runs the operation of an action node once per input item. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { nodeError } from './errors';
import { filesOf, type Row } from './files';
import { inTurn } from './inTurn';
import { runtime } from './runtime';
import { steps, type Connecting, type Step } from './step';

export interface Operation<Client> {
	/** Parameters, without the display options for resource and operation. */
	properties: INodeProperties[];
	/** May yield more than the limit; the rest is not asked for. */
	run(step: Step<Client>): AsyncIterable<IDataObject>;
	/** So many items at once, 1 by default. The credential's pace holds for all of them. */
	atOnce?: number;
	/**
	 * What is left to do for an item once all are run. Gives its rows as they are then.
	 * @param since Milliseconds since the epoch: when the last item was run.
	 */
	settle?(step: Step<Client>, rows: IDataObject[], since: number): Promise<IDataObject[]>;
}

export interface Service<Client> extends Connecting<Client> {
	/** By resource, then by operation. */
	operations: Record<string, Record<string, Operation<Client>>>;
}

/** What has become of an input item so far. */
type Result<Client> = { step: Step<Client>; rows: Row[] } | { failed: string };

export async function runOperations<Client>(
	context: IExecuteFunctions,
	service: Service<Client>,
): Promise<INodeExecutionData[][]> {
	const node = context.getNode();
	const { provider } = service;
	const attempt = async (itemIndex: number, work: () => Promise<Result<Client>>): Promise<Result<Client>> => {
		try {
			return await work();
		} catch (error) {
			const failure = nodeError(error, { node, title: provider.title, provider, itemIndex });
			if (!context.continueOnFail() || context.getExecutionCancelSignal?.()?.aborted) throw failure;
			return { failed: [failure.message, failure.description].filter(Boolean).join('. ') };
		}
	};
	const { atOnce = 1, run, settle } = operationOf(context, service);
	const stepFor = steps(context, service);
	const results = await inTurn(context.getInputData(), atOnce, (_item, itemIndex) =>
		attempt(itemIndex, async () => {
			const step = await stepFor(itemIndex);
			return { step, rows: await collected(step, run(step)) };
		}),
	);
	const since = runtime.clock.now();
	const settled = await inTurn(results, atOnce, (result, itemIndex) =>
		attempt(itemIndex, async () => {
			if (!settle || 'failed' in result) return result;
			const rows = await settle(
				result.step,
				result.rows.map(({ json }) => json),
				since,
			);
			return { ...result, rows: rows.map((json) => ({ json })) };
		}),
	);
	const output = settled.map((result) => ('failed' in result ? [{ json: { error: result.failed } }] : result.rows));
	return [output.flatMap((rows, item) => rows.map((row) => ({ ...row, pairedItem: { item } })))];
}

/** The same for all items: both parameters take no expressions. */
function operationOf<Client>(context: IExecuteFunctions, { operations, provider }: Service<Client>): Operation<Client> {
	const resource = context.getNodeParameter('resource', 0);
	const name = context.getNodeParameter('operation', 0);
	const operation = operations[resource]?.[name];
	if (operation) return operation;
	const unknown = new TypeError(`There is no operation ${name} of ${resource}.`);
	throw nodeError(unknown, { node: context.getNode(), title: provider.title, provider });
}

/** Nothing of an item that fails half-way. Ends with the last row that is wanted: one more would ask for another page. */
async function collected<Client>(step: Step<Client>, given: AsyncIterable<IDataObject>): Promise<Row[]> {
	const { limit = Infinity } = step;
	const rows: Row[] = [];
	const files = filesOf(step);
	let count = 0;
	for await (const json of given) {
		if (count >= limit) break;
		if (files) await files.add(json);
		else rows.push({ json });
		if (++count >= limit) break;
	}
	return files ? files.end() : rows;
}
