/** Which events are wanted. */
import type { IHookFunctions, INodeProperties } from 'n8n-workflow';
import { InvalidInput } from '../../shared/core';

export const properties: INodeProperties[] = [
	{
		displayName:
			'These are business events (orders, payments, returns), not audit events, and some may be lost: Arcus ERP repeats what it sends while n8n is down for a limited time only. For the audit log use the Arcus ERP Trigger.',
		name: 'notice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: [
			{ name: 'Everything', value: '*', description: 'Every type of event, those not listed here included' },
			{
				name: 'Fulfillment',
				value: 'fulfillment.*',
				description: 'Package created, label purchased, shipped, delivered',
			},
			{ name: 'Order', value: 'order.*', description: 'Created, confirmed, invoiced, cancelled, voided, paid' },
			{ name: 'Payment', value: 'payment.*', description: 'Received, refunded, failed' },
			{ name: 'Return', value: 'return.*', description: 'Created, received and what follows' },
		],
		default: ['order.*'],
		description: 'The families of events that start the workflow',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'More Types',
				name: 'types',
				type: 'string',
				default: '',
				placeholder: 'e.g. order.created, inventory.*',
				description: 'Single types or other families, separated by commas, besides Events or in place of them',
			},
		],
	},
];

export function wantedEvents(context: IHookFunctions): string[] {
	const families = context.getNodeParameter('events', []) as string[];
	const { types = '' } = context.getNodeParameter('options', {}) as { types?: string };
	const more = types.split(',').map((type) => type.trim());
	const all = [...new Set([...families, ...more].filter((type) => type !== ''))];
	if (all.length === 0) {
		throw new InvalidInput('There is no event to wait for', 'Pick at least one family in Events, or name a type.');
	}
	// the others are in it
	return all.includes('*') ? ['*'] : all;
}
