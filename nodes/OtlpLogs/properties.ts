/** Parameters of the OTLP Logs node. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { allProviders, optionsCollection } from '../shared/core';

/** An agent fills in parameters and gives no item, so its tool has nothing to recognise an event in. */
const asTool = { show: { '@tool': [true] } };
const asNode = { hide: { '@tool': [true] } };
const forEvents = { show: { mapping: ['event'] } };
const forHand = { show: { mapping: ['manual'] } };

const body: INodeProperties = {
	displayName: 'Body',
	name: 'body',
	type: 'string',
	default: '',
	placeholder: 'e.g. {"order": 42, "deletedBy": "ada"}',
	required: true,
	description: 'What is recorded, as text. An object becomes JSON text.',
};

const options: INodeProperties[] = [
	{
		displayName: 'Batch Size',
		name: 'batchSize',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1000 },
		default: 512,
		description: 'How many records are sent in one request at most. Large records make smaller batches.',
	},
	{
		displayName: 'Encoding',
		name: 'encoding',
		type: 'options',
		options: [
			{ name: 'JSON', value: 'json' },
			{ name: 'Protobuf', value: 'protobuf' },
		],
		default: 'protobuf',
		description: 'How records are written. Every receiver takes Protobuf, not all take JSON.',
	},
	{
		displayName: 'Keep Trying For (Seconds)',
		name: 'keepTryingFor',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 3600 },
		default: 120,
		description:
			'How long a request is repeated while the receiver is busy, down or not reachable. The default is long enough for a Collector to restart.',
	},
	{
		displayName: 'Resource Attributes',
		name: 'resourceAttributes',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. {"deployment.environment.name": "production"}',
		description: 'Further attributes of where the records come from, as a JSON object',
	},
];

const origins: INodePropertyOptions[] = [
	...allProviders().map(({ title, name }) => ({ name: title, value: name })),
	{ name: 'Detect', value: 'auto', description: 'By the fields of the event' },
].sort((a, b) => a.name.localeCompare(b.name));

export const properties: INodeProperties[] = [
	{
		displayName: 'Mapping',
		name: 'mapping',
		type: 'options',
		noDataExpression: true,
		displayOptions: asNode,
		options: [
			{
				name: 'From Audit Event',
				value: 'event',
				description:
					'Items are what our nodes and triggers of audit logs return, simplified or not. Other items are shipped as they are.',
			},
			{ name: 'Map by Hand', value: 'manual', description: 'Say for each field of the record where it comes from' },
		],
		default: 'event',
	},
	{ displayName: 'Mapping', name: 'mapping', type: 'hidden', displayOptions: asTool, default: 'manual' },
	{
		displayName: 'Event Source',
		name: 'origin',
		type: 'options',
		displayOptions: forEvents,
		options: origins,
		default: 'auto',
	},
	{
		...body,
		displayOptions: { ...forHand, ...asNode },
		default: '={{ JSON.stringify($json) }}',
	},
	{ ...body, displayOptions: { show: { ...forHand.show, ...asTool.show } } },
	{
		displayName: 'Time',
		name: 'time',
		type: 'dateTime',
		displayOptions: forHand,
		default: '',
		placeholder: 'e.g. 2026-02-11T09:14:07Z',
		description: 'When it happened. Empty: now.',
	},
	{
		displayName: 'Severity',
		name: 'severity',
		type: 'options',
		displayOptions: forHand,
		options: [
			{ name: 'Debug', value: 5 },
			{ name: 'Error', value: 17 },
			{ name: 'Fatal', value: 21 },
			{ name: 'Info', value: 9 },
			{ name: 'Trace', value: 1 },
			{ name: 'Warning', value: 13 },
		],
		default: 9,
		description: 'An expression may give any OpenTelemetry severity number from 1 to 24',
	},
	{
		displayName: 'Event Name',
		name: 'eventName',
		type: 'string',
		displayOptions: forHand,
		default: '',
		placeholder: 'e.g. shop.order.deleted',
		description: 'What kind of event it is. Use few different names: free text belongs in the body.',
	},
	{
		displayName: 'Service Name',
		name: 'serviceName',
		type: 'string',
		displayOptions: forHand,
		default: 'n8n',
		placeholder: 'e.g. shop',
		required: true,
		description: 'The product that the event comes from',
	},
	{
		displayName: 'Attributes',
		name: 'attributes',
		type: 'json',
		displayOptions: forHand,
		default: '{}',
		placeholder: 'e.g. {"order.number": 42}',
		description: 'Facts to search by, as a JSON object of text, numbers and booleans',
	},
	optionsCollection(options),
];
