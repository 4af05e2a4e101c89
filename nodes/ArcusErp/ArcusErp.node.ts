import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { arcusErp, runOperations, shownFor, triggerHealth } from '../shared/core';
import * as activityEvent from './activityEvent';
import * as auditLogEntry from './auditLogEntry';
import { searchEntries } from './auditLogEntry/locator';
import { arcusService } from './service';

const trigger = triggerHealth(arcusErp);

const operations = {
	activityEvent: activityEvent.operations,
	auditLogEntry: auditLogEntry.operations,
	trigger: trigger.operations,
};

export class ArcusErp implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Arcus ERP',
		name: 'arcusErp',
		icon: { light: 'file:arcusErp.svg', dark: 'file:arcusErp.dark.svg' },
		group: ['input'],
		version: 1,
		// e.g. "get many: audit event": the words of the parameters, not their values
		subtitle:
			'={{ ($parameter["operation"].replace("getAll", "getMany") + ": " + $parameter["resource"]).replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()) }}',
		description: 'Read, search and verify the audit log of Arcus ERP',
		defaults: { name: 'Arcus ERP' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'arcusErpApi', required: true }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Activity Event', value: 'activityEvent' },
					{ name: 'Audit Log Entry', value: 'auditLogEntry' },
					{ name: 'Trigger', value: 'trigger' },
				],
				default: 'auditLogEntry',
			},
			activityEvent.choice,
			auditLogEntry.choice,
			trigger.choice,
			...Object.entries(operations).flatMap(([resource, ofResource]) =>
				Object.entries(ofResource).flatMap(([name, { properties }]) => shownFor(resource, name, properties)),
			),
		],
	};

	methods = { listSearch: { searchEntries } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return runOperations(this, { ...arcusService, operations });
	}
}
