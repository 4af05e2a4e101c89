import type { INodeProperties } from 'n8n-workflow';
import type { ArpioOperation } from '../service';
import { get } from './get';
import { getAll } from './getAll';

export const operations: Record<string, ArpioOperation> = { get, getAll };

export const choice: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['recoveryPoint'] } },
	options: [
		{ name: 'Get', value: 'get', action: 'Get a recovery point', description: 'Get one recovery point' },
		{
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many recovery points',
			description: 'Get the recovery points of a pair of environments',
		},
	],
	default: 'getAll',
};
