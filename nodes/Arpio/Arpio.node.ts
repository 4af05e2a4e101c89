import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { arpio, runOperations, shownFor, triggerHealth } from '../shared/core';
import * as application from './application';
import * as auditEvent from './auditEvent';
import * as recovery from './recovery';
import * as recoveryPoint from './recoveryPoint';
import { searchApplications } from './application/locator';
import { arpioService } from './service';

const trigger = triggerHealth(arpio);

const operations = {
	application: application.operations,
	auditEvent: auditEvent.operations,
	recovery: recovery.operations,
	recoveryPoint: recoveryPoint.operations,
	trigger: trigger.operations,
};

export class Arpio implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Arpio',
		name: 'arpio',
		icon: { light: 'file:arpio.svg', dark: 'file:arpio.dark.svg' },
		group: ['input'],
		version: 1,
		// e.g. "get many: audit event": the words of the parameters, not their values
		subtitle:
			'={{ ($parameter["operation"].replace("getAll", "getMany") + ": " + $parameter["resource"]).replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()) }}',
		description: 'Read audit events, applications and recovery points of the disaster recovery service Arpio',
		defaults: { name: 'Arpio' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'arpioApi', required: true }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Application', value: 'application' },
					{ name: 'Audit Event', value: 'auditEvent' },
					{ name: 'Recovery', value: 'recovery' },
					{ name: 'Recovery Point', value: 'recoveryPoint' },
					{ name: 'Trigger', value: 'trigger' },
				],
				default: 'auditEvent',
			},
			application.choice,
			auditEvent.choice,
			recovery.choice,
			recoveryPoint.choice,
			trigger.choice,
			...Object.entries(operations).flatMap(([resource, ofResource]) =>
				Object.entries(ofResource).flatMap(([name, { properties }]) => shownFor(resource, name, properties)),
			),
		],
	};

	methods = { listSearch: { searchApplications } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return runOperations(this, { ...arpioService, operations });
	}
}
