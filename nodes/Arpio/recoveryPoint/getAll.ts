import type { IDataObject, INodeProperties } from 'n8n-workflow';
import {
	arpio,
	created,
	createdSpan,
	filtersCollection,
	optionsCollection,
	requestOptions,
	returnAllOrLimit,
	type Created,
} from '../../shared/core';
import type { ArpioOperation } from '../service';
import { environments, pairOf } from './environments';

const properties: INodeProperties[] = [
	...environments,
	...returnAllOrLimit,
	filtersCollection([
		...created,
		{
			displayName: 'Protected Only',
			name: 'protectedOnly',
			type: 'boolean',
			default: true,
			description: 'Whether to return only recovery points that are kept for good',
		},
	]),
	optionsCollection(requestOptions(arpio, { paged: false })),
];

export const getAll: ArpioOperation = {
	properties,
	async *run(step) {
		const filters = step.parameter<Created & { protectedOnly?: boolean }>('filters', {});
		const span = createdSpan(filters, step.timezone);
		for (const point of await step.client.recoveryPoints(await pairOf(step), span, step.signal)) {
			if (!filters.protectedOnly || point.protected === true) yield point as IDataObject;
		}
	},
};
