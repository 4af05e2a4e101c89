import type { INodeProperties } from 'n8n-workflow';
import type { ArcusOperation } from '../service';
import { get } from './get';
import { getAll } from './getAll';
import { getStats } from './getStats';
import { search } from './search';
import { verify } from './verify';

export const operations: Record<string, ArcusOperation> = { get, getAll, getStats, search, verify };

export const choice: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['auditLogEntry'] } },
	options: [
		{ name: 'Get', value: 'get', action: 'Get an audit log entry', description: 'Get one entry' },
		{
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many audit log entries',
			description: 'Get entries, newest first',
		},
		{
			name: 'Get Statistics',
			value: 'getStats',
			action: 'Get statistics of the audit log',
			description: 'Count entries per action, resource type, severity and outcome',
		},
		{
			name: 'Search',
			value: 'search',
			action: 'Search audit log entries',
			description: 'Find entries by words, newest first',
		},
		{
			name: 'Verify Chain',
			value: 'verify',
			action: 'Verify the hash chain of the audit log',
			description: 'Let the service check that no entry was changed or removed',
		},
	],
	default: 'getAll',
};
