/** A webhook trigger as n8n runs it: static data that is kept as JSON, and requests that reach the node with their bytes. */
import type {
	IDataObject,
	IHookFunctions,
	INode,
	INodeParameters,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { ArcusErpWebhookTrigger } from '../../../nodes/ArcusErp/ArcusErpWebhookTrigger.node';
import type { Delivery } from '../../../sandbox/arcus/webhooks';
import { base, nodeOf, valueOf, withDefaults } from './context';
import type { World } from './world';

export interface Hook {
	parameters: INodeParameters;
	node: Partial<INode>;
	/** Of the workflow. */
	staticData: IDataObject;
	/** The address that n8n has. */
	url: string;
	warnings: string[];
	activate(): Promise<void>;
	deactivate(): Promise<void>;
	receive(request: Pick<Delivery, 'headers' | 'body'>): Promise<{ status: number; items: IDataObject[] }>;
}

export function hook(world: World, parameters: INodeParameters = {}): Hook {
	const type = new ArcusErpWebhookTrigger();
	const common = (data: IDataObject) => ({
		...base(world, { ...nodeOf(type, self.parameters), ...self.node }),
		getMode: () => 'trigger',
		getWorkflow: () => ({ id: 'workflow-1' }),
		getWorkflowStaticData: () => data,
		getNodeWebhookUrl: () => self.url,
		getNodeParameter: (name: string, fallback?: unknown) =>
			valueOf(withDefaults(type, self.parameters), name, fallback),
		logger: { warn: (message: string) => self.warnings.push(message) },
	});
	const copy = () => JSON.parse(JSON.stringify(self.staticData)) as IDataObject;
	const run = async <T>(work: (this: IHookFunctions) => Promise<T>) => {
		const data = copy();
		try {
			return await work.call(common(data) as unknown as IHookFunctions);
		} finally {
			self.staticData = data;
		}
	};
	const { checkExists, create, delete: remove } = type.webhookMethods.default;
	const self: Hook = {
		parameters,
		node: {},
		staticData: {},
		url: 'https://n8n.example.com/webhook/w1/webhook',
		warnings: [],
		activate: async () => {
			if (!(await run(checkExists))) await run(create);
		},
		deactivate: async () => void (await run(remove)),
		async receive({ headers, body }) {
			let status = 200;
			const answer = { status: (code: number) => ((status = code), answer), json: () => undefined };
			const request = { headers, rawBody: Buffer.from(body), body: JSON.parse(body) as unknown };
			const context = { ...common(copy()), getRequestObject: () => request, getResponseObject: () => answer };
			const given: IWebhookResponseData = await type.webhook.call(context as unknown as IWebhookFunctions);
			return { status, items: (given.workflowData?.[0] ?? []).map(({ json }) => json) };
		},
	};
	return self;
}
