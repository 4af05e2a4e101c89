import type { INodeProperties } from 'n8n-workflow';
import type { ArpioOperation } from '../service';
import { get } from './get';
import { getAll } from './getAll';
import { getIssues } from './getIssues';
import { getResources } from './getResources';
import { getStatusChanges } from './getStatusChanges';

export const operations: Record<string, ArpioOperation> = { get, getAll, getIssues, getResources, getStatusChanges };

export const choice: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['application'] } },
	options: [
		{ name: 'Get', value: 'get', action: 'Get an application', description: 'Get one application' },
		{
			name: 'Get Issues',
			value: 'getIssues',
			action: 'Get issues of an application',
			description: 'Get what stands in the way of recovering an application',
		},
		{
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many applications',
			description: 'Get the applications of the account',
		},
		{
			name: 'Get Resources',
			value: 'getResources',
			action: 'Get resources of an application',
			description: 'Get the protected resources of an application and how replication stands',
		},
		{
			name: 'Get Status Changes',
			value: 'getStatusChanges',
			action: 'Get status changes of the resources of an application',
			description: 'Get how the status of the resources of an application has changed',
		},
	],
	default: 'getAll',
};
