/** A trigger node as n8n polls it: static data that is kept as JSON between polls. */
import type { IDataObject, INode, INodeParameters, INodeType, IPollFunctions } from 'n8n-workflow';
import { base, nodeOf, valueOf, withDefaults } from './context';
import type { World } from './world';

export interface Poller {
	/** JSON of the items that start the workflow, undefined when nothing does. */
	poll(mode?: 'trigger' | 'manual'): Promise<IDataObject[] | undefined>;
	ids(): Promise<unknown[]>;
	/** Of the node. */
	staticData: IDataObject;
	/** Of the workflow. */
	globalData: IDataObject;
	/** Undefined: n8n's durable engine, with a copy for every poll; else the ordinary one, with the same object for one activation. */
	live?: { node: IDataObject; workflow: IDataObject };
	parameters: INodeParameters;
	node: Partial<INode>;
	/** Undefined: an n8n that does not tell. */
	budgetMs: number | undefined;
	warnings: string[];
	/** Names of the nodes that have others behind them. */
	connected: string[];
}

const copy = (data: IDataObject) => JSON.parse(JSON.stringify(data)) as IDataObject;

export function poller(world: World, type: INodeType, parameters: INodeParameters): Poller {
	const self: Poller = {
		staticData: {},
		globalData: {},
		parameters,
		node: {},
		budgetMs: 300_000,
		warnings: [],
		connected: [],
		async poll(mode = 'trigger') {
			const resolved = withDefaults(type, self.parameters);
			const node = self.live?.node ?? copy(self.staticData);
			const workflow = self.live?.workflow ?? copy(self.globalData);
			const budget = self.budgetMs === undefined ? {} : { getPollBudgetMs: () => self.budgetMs };
			const context = {
				...base(world, { ...nodeOf(type, self.parameters), ...self.node }),
				...budget,
				getMode: () => mode,
				getActivationMode: () => 'activate',
				getWorkflow: () => ({ id: 'workflow-1' }),
				getWorkflowStaticData: (type: string) => (type === 'global' ? workflow : node),
				getChildNodes: (name: string) => (self.connected.includes(name) ? [{ name: 'Next' }] : []),
				getNodeParameter: (name: string, fallback?: unknown) => valueOf(resolved, name, fallback),
				getTimezone: () => 'UTC',
				logger: { warn: (message: string) => self.warnings.push(message) },
			} as unknown as IPollFunctions;
			try {
				const output = await type.poll!.call(context);
				return output?.[0]?.map(({ json }) => json);
			} finally {
				// n8n's default engine keeps what was changed before a throw
				self.staticData = copy(node);
				self.globalData = copy(workflow);
			}
		},
		ids: async () => ((await self.poll()) ?? []).map(({ id }) => id),
	};
	return self;
}
