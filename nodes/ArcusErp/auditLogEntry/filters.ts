/** Every filter of the audit log, for Get Many and Search. */
import type { INodeProperties } from 'n8n-workflow';
import type { EntryFilter } from '../../../providers/arcus-erp/types';
import { created, createdSpan, pickedValue, type Created } from '../../shared/core';
import type { ArcusStep } from '../service';

const textFilter = (displayName: string, name: string, description: string, example: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder: `e.g. ${example}`,
	description,
});

export const actorType: INodeProperties = {
	displayName: 'Actor Type',
	name: 'actorType',
	type: 'options',
	options: [
		{ name: 'API Key', value: 'api_key' },
		{ name: 'System', value: 'system' },
		{ name: 'User', value: 'user' },
		{ name: 'Webhook', value: 'webhook' },
	],
	default: 'user',
};

export const severity: INodeProperties = {
	displayName: 'Severity',
	name: 'severity',
	type: 'options',
	options: [
		{ name: 'Critical', value: 'critical' },
		{ name: 'Info', value: 'info' },
		{ name: 'Notice', value: 'notice' },
		{ name: 'Security', value: 'security' },
		{ name: 'Warning', value: 'warning' },
	],
	default: 'critical',
	description: 'Exactly this severity. Notice is applied in this node, as the API has no such filter.',
};

const outcome: INodeProperties = {
	displayName: 'Outcome',
	name: 'outcome',
	type: 'options',
	options: [
		{ name: 'Denied', value: 'denied' },
		{ name: 'Failure', value: 'failure' },
		{ name: 'Success', value: 'success' },
	],
	default: 'failure',
	description: 'Exactly this outcome. Denied is applied in this node, as the API has no such filter.',
};

export const entryFilters: INodeProperties[] = [
	textFilter('Action', 'action', 'Exact action', 'order.created'),
	textFilter('Actor ID', 'actorId', 'ID of the user or key that acted', '6a2c7a1e-11b5-4c1c-9d8e-0a5d3c5b7f21'),
	textFilter('Actor Label', 'actorLabel', 'Name of the actor as it was written at the time', 'Ada Lovelace'),
	actorType,
	...created,
	textFilter('IP Address', 'ipAddress', 'Address that the request came from', '203.0.113.77'),
	outcome,
	textFilter('Resource ID', 'resourceId', 'ID of what was acted on', '7f0e7a52-5d3b-4f6e-8f54-2f9a9d1c0b77'),
	textFilter('Resource Type', 'resourceType', 'Kind of what was acted on', 'order'),
	textFilter(
		'Session ID',
		'sessionId',
		'ID of the session in which it happened',
		'b7b4f6a2-77f3-4d0e-8a53-3f5f0f7f1c22',
	),
	severity,
];

type Given = Created & { [name in keyof EntryFilter]?: unknown };

export function givenFilters(step: ArcusStep): EntryFilter {
	const { createdAfter, createdBefore, ...rest } = step.parameter<Given>('filters', {});
	const words = Object.entries(rest)
		.map(([name, value]): [string, string] => [name, pickedValue(value)])
		.filter(([, value]) => value !== '');
	return {
		...(Object.fromEntries(words) as EntryFilter),
		...createdSpan({ createdAfter, createdBefore }, step.timezone),
	};
}
