import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { auditApi, runOperations, shownFor, triggerHealth } from '../shared/core';
import * as event from './event';
import { searchEvents } from './event/locator';
import { auditApiService } from './service';

const trigger = triggerHealth(auditApi);

const operations = { event: event.operations, trigger: trigger.operations };

export class AuditApi implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AuditAPI',
		name: 'auditApi',
		icon: { light: 'file:auditApi.svg', dark: 'file:auditApi.dark.svg' },
		group: ['transform'],
		version: 1,
		// e.g. "get many: audit event": the words of the parameters, not their values
		subtitle:
			'={{ ($parameter["operation"].replace("getAll", "getMany") + ": " + $parameter["resource"]).replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()) }}',
		description: 'Create, read and search audit events in AuditAPI',
		defaults: { name: 'AuditAPI' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'auditApi', required: true }],
		properties: [
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
			event.choice,
			trigger.choice,
			...Object.entries(operations).flatMap(([resource, ofResource]) =>
				Object.entries(ofResource).flatMap(([name, { properties }]) => shownFor(resource, name, properties)),
			),
		],
	};

	methods = { listSearch: { searchEvents } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return runOperations(this, { ...auditApiService, operations });
	}
}
