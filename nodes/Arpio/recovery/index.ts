import type { INodeProperties } from 'n8n-workflow';
import type { ArpioOperation } from '../service';
import { getStatus } from './getStatus';

export const operations: Record<string, ArpioOperation> = { getStatus };

export const choice: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['recovery'] } },
	options: [
		{
			name: 'Get Status',
			value: 'getStatus',
			action: 'Get the status of a recovery',
			description: 'Look once how the failover, failback or DR test stands that an event began',
		},
	],
	default: 'getStatus',
};
