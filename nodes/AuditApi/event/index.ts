import type { INodeProperties } from 'n8n-workflow';
import type { AuditApiOperation } from '../service';
import { create } from './create';
import { get } from './get';
import { getAll } from './getAll';
import { search } from './search';

export const operations: Record<string, AuditApiOperation> = { create, get, getAll, search };

export const choice: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['event'] } },
	options: [
		{ name: 'Create', value: 'create', action: 'Create an event', description: 'Store one event per input item' },
		{ name: 'Get', value: 'get', action: 'Get an event', description: 'Get one event' },
		{ name: 'Get Many', value: 'getAll', action: 'Get many events', description: 'Get events, newest first' },
		{
			name: 'Search',
			value: 'search',
			action: 'Search events',
			description: 'Find events by what is in their payload',
		},
	],
	default: 'getAll',
};
