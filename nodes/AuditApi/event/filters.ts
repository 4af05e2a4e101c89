/** Filters of both lists. The API knows days only, and not of which time zone: it is asked for more, and the rest is left out here. */
import type { INodeProperties } from 'n8n-workflow';
import type { EventQuery } from '../../../providers/auditapi/types';
import type { SourceEvent } from '../../../core/contract';
import { created, createdSpan, text, utcDay, type Created } from '../../shared/core';
import type { AuditApiStep } from '../service';

const payloadField: INodeProperties = {
	displayName: 'Payload Field',
	name: 'payloadField',
	type: 'fixedCollection',
	default: {},
	description: 'Only events with this value in a field of the payload. The API takes one such filter.',
	options: [
		{
			displayName: 'Field',
			name: 'field',
			values: [
				{ displayName: 'Name', name: 'key', type: 'string', default: '', placeholder: 'e.g. account_id' },
				{ displayName: 'Value', name: 'value', type: 'string', default: '', placeholder: 'e.g. 1234' },
			],
		},
	],
};

/** Of the trigger. */
export const payloadFilters: INodeProperties[] = [
	payloadField,
	{
		displayName: 'Search Query',
		name: 'query',
		type: 'string',
		default: '',
		placeholder: 'e.g. account.*',
		description:
			'Only events with all these words in their payloads. An asterisk stands for anything, double quotes keep a phrase together.',
	},
];

export const eventFilters: INodeProperties[] = [...created, payloadField];

interface Given extends Created {
	payloadField?: { field?: { key?: string; value?: unknown } };
}

export interface EventFilter {
	query: Pick<EventQuery, 'startDate' | 'endDate' | 'filter'>;
	/** Whether the event is inside the exact span. */
	wants(event: SourceEvent): boolean;
	/** True when the list may hold events that are left out here. */
	filtersHere: boolean;
}

const DAY = 86_400_000_000_000n;
/** The API's days may be those of UTC-12 to UTC+14, and its bounds may be exclusive. */
const WIDER = 2n * DAY;

export function givenFilters(step: AuditApiStep): EventFilter {
	const { payloadField, ...between } = step.parameter<Given>('filters', {});
	const { from: lower, to: upper } = createdSpan(between, step.timezone);
	const { key = '', value } = payloadField?.field ?? {};
	return {
		query: {
			startDate: lower === undefined ? undefined : utcDay(lower - WIDER),
			endDate: upper === undefined ? undefined : utcDay(upper + WIDER),
			filter: key.trim() === '' ? undefined : { key: key.trim(), value: scalar(value) },
		},
		wants: ({ time }) => (lower === undefined || time >= lower) && (upper === undefined || time <= upper),
		filtersHere: lower !== undefined || upper !== undefined,
	};
}

function scalar(value: unknown): string | number | boolean {
	return typeof value === 'number' || typeof value === 'boolean' ? value : (text(value) ?? '');
}
