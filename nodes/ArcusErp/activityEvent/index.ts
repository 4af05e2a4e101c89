import type { INodeProperties } from 'n8n-workflow';
import type { ArcusOperation } from '../service';
import { getAll } from './getAll';

export const operations: Record<string, ArcusOperation> = { getAll };

export const choice: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['activityEvent'] } },
	options: [
		{
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many activity events',
			description: 'Get events of the activity feed, newest first',
		},
	],
	default: 'getAll',
};
