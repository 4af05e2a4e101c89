import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { Call } from '../../core/contract';
import { nodeError, runOperations, shownFor, triggerHealth } from '../shared/core';
import { chosen } from './chosen';
import { getAll, properties } from './getAll';
import { providerFields } from './providers';

const trigger = triggerHealth({ name: '', title: 'Audit Log' });

export class AuditLog implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Audit Log',
		name: 'auditLog',
		icon: { light: 'file:auditLog.svg', dark: 'file:auditLog.dark.svg' },
		group: ['input'],
		version: 1,
		// e.g. "get many: github"
		subtitle:
			'={{ $parameter["operation"].replace("getAll", "get many").replace("getHealth", "get health") + ": " + $parameter["provider"] }}',
		description: 'Read the audit log of GitHub, Okta, Slack and others, or of any API that you declare',
		defaults: { name: 'Audit Log' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			{ name: 'auditLogApi', required: true, displayOptions: { show: { authentication: ['key'] } } },
			{ name: 'auditLogOAuth2Api', required: true, displayOptions: { show: { authentication: ['oAuth2'] } } },
		],
		properties: [
			...providerFields,
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Event', value: 'event' },
					{ name: 'Trigger', value: 'trigger' },
				],
				default: 'event',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['event'] } },
				options: [
					{
						name: 'Get Many',
						value: 'getAll',
						action: 'Get many audit events',
						description: 'Get events in the order in which the provider lists them',
					},
				],
				default: 'getAll',
			},
			trigger.choice,
			...shownFor('event', 'getAll', properties),
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const one = await chosen(this, (name, fallback) => this.getNodeParameter(name, 0, fallback)).catch(
			(error: unknown) => {
				throw nodeError(error, { node: this.getNode(), title: 'Audit Log' });
			},
		);
		const { operations } = triggerHealth(one.provider);
		return runOperations<Call>(this, {
			...{ provider: one.provider, credentialType: one.credentialType, client: (call: Call) => call },
			operations: { event: { getAll: getAll(one) }, trigger: operations },
		});
	}
}
