import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { arcusErp, pollTrigger, triggerProperties, watchSubtitle } from '../shared/core';
import { CREDENTIAL } from './service';

export class ArcusErpTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Arcus ERP Trigger',
		name: 'arcusErpTrigger',
		icon: { light: 'file:arcusErp.svg', dark: 'file:arcusErp.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: watchSubtitle,
		description: 'Starts the workflow on an entry in the audit log of Arcus ERP',
		defaults: { name: 'Arcus ERP Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'arcusErpApi', required: true }],
		properties: triggerProperties(arcusErp, {
			preset: ['accessChanges', 'failedActions'],
			// the vendor documents none; should there ever be one, it is Anything That Alerts
			without: ['drTest', 'failback', 'failover', 'quarantine'],
		}),
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return pollTrigger(this, { provider: arcusErp, credentialType: CREDENTIAL });
	}
}
