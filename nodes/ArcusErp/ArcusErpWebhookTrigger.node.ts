import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { disable, register, reuse } from './webhook/endpoint';
import { properties } from './webhook/events';
import { receive } from './webhook/receive';

export class ArcusErpWebhookTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Arcus ERP Webhook Trigger',
		name: 'arcusErpWebhookTrigger',
		icon: { light: 'file:arcusErp.svg', dark: 'file:arcusErp.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].map((family) => family === "*" ? "everything" : family).join(", ") }}',
		description: 'Starts the workflow on an order, a payment or another business event that Arcus ERP sends',
		defaults: { name: 'Arcus ERP Webhook Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'arcusErpApi', required: true }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
		properties,
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return reuse(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return register(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return disable(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return receive(this);
	}
}
