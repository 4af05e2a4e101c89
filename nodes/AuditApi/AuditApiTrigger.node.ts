import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { auditApi, pollTrigger, triggerProperties, watchSubtitle } from '../shared/core';
import { payloadFilters } from './event/filters';
import { CREDENTIAL } from './service';

export class AuditApiTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AuditAPI Trigger',
		name: 'auditApiTrigger',
		icon: { light: 'file:auditApi.svg', dark: 'file:auditApi.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: watchSubtitle,
		description: 'Starts the workflow on an event in AuditAPI',
		defaults: { name: 'AuditAPI Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'auditApi', required: true }],
		properties: triggerProperties(auditApi, { preset: ['everything'], filters: payloadFilters }),
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return pollTrigger(this, { provider: auditApi, credentialType: CREDENTIAL });
	}
}
