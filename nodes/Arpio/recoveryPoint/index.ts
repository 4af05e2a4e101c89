import type { INodeProperties } from 'n8n-workflow';
import type { ArpioOperation } from '../service';
import { getAll } from './getAll';

export const operations: Record<string, ArpioOperation> = { getAll };

export const choice: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['recoveryPoint'] } },
	options: [
		{
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many recovery points',
			description: 'Get the recovery points of a pair of environments',
		},
	],
	default: 'getAll',
};
