import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { nodeError, pollTrigger, triggerProperties, type Watched } from '../shared/core';
import { chosen, type Parameter } from './chosen';
import { usual } from './getAll';
import { providerFields } from './providers';

export class AuditLogTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Audit Log Trigger',
		name: 'auditLogTrigger',
		icon: { light: 'file:auditLog.svg', dark: 'file:auditLog.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["provider"] }}',
		description:
			'Starts the workflow on an audit event of GitHub, Okta, Slack and others, or of any API that you declare',
		defaults: { name: 'Audit Log Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'auditLogApi', required: true, displayOptions: { show: { authentication: ['key'] } } },
			{ name: 'auditLogOAuth2Api', required: true, displayOptions: { show: { authentication: ['oAuth2'] } } },
		],
		properties: [...providerFields, ...triggerProperties(usual, { preset: ['everything'] })],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const parameter: Parameter = (name, fallback) => this.getNodeParameter(name, fallback as never);
		let watched: Watched;
		try {
			const { settings, ...one } = await chosen(this, parameter);
			watched = { ...one, settings: settings(parameter) };
		} catch (error) {
			throw nodeError(error, { node: this.getNode(), title: 'Audit Log' });
		}
		return pollTrigger(this, watched);
	}
}
