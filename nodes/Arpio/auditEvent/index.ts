import type { INodeProperties } from 'n8n-workflow';
import type { ArpioOperation } from '../service';
import { getAll } from './getAll';

export const operations: Record<string, ArpioOperation> = { getAll };

export const choice: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['auditEvent'] } },
	options: [
		{
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many audit events',
			description: 'Get events in the order in which Arpio lists them',
		},
	],
	default: 'getAll',
};
