/** The two filters by time that every list has. Their names keep them together in the alphabetical order that n8n demands. */
import type { INodeProperties } from 'n8n-workflow';
import type { Nanos } from '../../core/contract';
import { InvalidInput } from './errors';
import { instant } from './instants';

export const created: INodeProperties[] = [
	{
		displayName: 'Created After',
		name: 'createdAfter',
		type: 'dateTime',
		default: '',
		description: 'Only what was created at or after this time',
	},
	{
		displayName: 'Created Before',
		name: 'createdBefore',
		type: 'dateTime',
		default: '',
		description: 'Only what was created at or before this time',
	},
];

export interface Created {
	createdAfter?: unknown;
	createdBefore?: unknown;
}

export function createdSpan({ createdAfter, createdBefore }: Created, timezone: string): { from?: Nanos; to?: Nanos } {
	const from = instant('Created After', createdAfter, timezone);
	const to = instant('Created Before', createdBefore, timezone);
	if (from !== undefined && to !== undefined && from > to) {
		throw new InvalidInput('Created After is later than Created Before', 'Swap the two, or leave one out.');
	}
	return { from, to };
}
