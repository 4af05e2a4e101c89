/** The `this` that n8n gives a node: parameters with the defaults of its description, and the world's request helper. */
import {
	NodeHelpers,
	type IDataObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
} from 'n8n-workflow';
import { withToken } from './oauth2';
import type { World } from './world';

export interface Given {
	/** Of the node, or of the node for each item. */
	parameters: INodeParameters | ((item: number) => INodeParameters);
	items?: IDataObject[];
	/** Files of each item. */
	binary?: INodeExecutionData['binary'];
	continueOnFail?: boolean;
	signal?: AbortSignal;
	timezone?: string;
	/** Of the workflow, and the names of its nodes that have others behind them. */
	staticData?: IDataObject;
	connected?: string[];
}

export interface Ran {
	/** Of the first output. */
	output: INodeExecutionData[];
	outputs: INodeExecutionData[][];
	hints: string[];
}

export async function execute(world: World, type: INodeType, given: Given): Promise<Ran> {
	const hints: string[] = [];
	const context = executeContext(world, type, given, hints);
	const outputs = (await type.execute!.call(context)) as INodeExecutionData[][];
	return { output: outputs[0] ?? [], outputs, hints };
}

/** The JSON of what a node returns for one item. */
export async function rows(world: World, type: INodeType, parameters: INodeParameters): Promise<IDataObject[]> {
	const { output } = await execute(world, type, { parameters });
	return output.map(({ json }) => json);
}

export function nodeOf(type: INodeType, parameters: INodeParameters): INode {
	const { name, displayName } = type.description;
	const credentials = type.description.credentials ?? [];
	return {
		id: 'node-1',
		name: displayName,
		type: `n8n-nodes-audit-relay.${name}`,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: Object.fromEntries(credentials.map(({ name }) => [name, { id: 'credential-1', name: 'Sandbox' }])),
	};
}

/** Parameters as the editor would save them. Hidden ones are left out, so a wrong display option shows. */
export function withDefaults(type: INodeType, given: INodeParameters): INodeParameters {
	const node = nodeOf(type, given);
	const { properties } = type.description;
	const resolved = NodeHelpers.getNodeParameters(properties, given, true, false, node, type.description) ?? {};
	return { options: {}, ...resolved };
}

function executeContext(world: World, type: INodeType, given: Given, hints: string[]): IExecuteFunctions {
	const { items = [{}], signal, continueOnFail = false, timezone = 'UTC', parameters } = given;
	const { staticData = {}, connected = [], binary } = given;
	const known = new Map<number, INodeParameters>();
	const of = (item: number) => {
		const resolved =
			known.get(item) ?? withDefaults(type, typeof parameters === 'function' ? parameters(item) : parameters);
		known.set(item, resolved);
		return resolved;
	};
	const context = {
		...base(world, nodeOf(type, {})),
		getInputData: () => items.map((json): INodeExecutionData => ({ json, ...(binary && { binary }) })),
		getNodeParameter: (name: string, item: number, fallback?: unknown, how: { extractValue?: boolean } = {}) => {
			if (how.extractValue && !(name in of(item))) throw new Error(`Could not find property ${name}`);
			return valueOf(of(item), name, fallback);
		},
		continueOnFail: () => continueOnFail,
		getTimezone: () => timezone,
		getExecutionCancelSignal: () => signal,
		getExecutionId: () => '4711',
		getWorkflow: () => ({ id: 'workflow-1' }),
		getWorkflowStaticData: () => staticData,
		getChildNodes: (name: string) => (connected.includes(name) ? [{ name: 'Next' }] : []),
		evaluateExpression: () => 0,
		addExecutionHints: ({ message }: { message: string }) => hints.push(message),
	};
	return context as unknown as IExecuteFunctions;
}

export function loadContext(world: World, type: INodeType): ILoadOptionsFunctions {
	return base(world, nodeOf(type, {})) as unknown as ILoadOptionsFunctions;
}

export function base(world: World, node: INode) {
	return {
		getNode: () => node,
		getCredentials: async (name: string) => world.credentials[name],
		helpers: {
			httpRequestWithAuthentication(this: unknown, name: string, options: never) {
				return name.endsWith('OAuth2Api') ? withToken(world, name, options) : world.request(name, options);
			},
			prepareBinaryData: async (data: Buffer, fileName: string, mimeType: string) => ({
				data: data.toString('base64'),
				fileName,
				mimeType,
			}),
		},
	};
}

export function valueOf(parameters: INodeParameters, name: string, fallback: unknown): unknown {
	const value = parameters[name] ?? fallback;
	if (value === undefined) throw new Error(`Could not get parameter "${name}"`);
	return value;
}
