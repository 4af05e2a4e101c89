import type { IDataObject } from 'n8n-workflow';
import { arpio, InvalidInput, optionsCollection, requestOptions } from '../../shared/core';
import type { ArpioOperation } from '../service';
import { environments, pairOf } from './environments';

export const get: ArpioOperation = {
	properties: [
		...environments,
		{
			displayName: 'Recovery Point ID',
			name: 'recoveryPointId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. MFmmCItwCsKV0ce8h0ht7c',
		},
		optionsCollection(requestOptions(arpio, { paged: false })),
	],
	async *run(step) {
		const id = step.words('recoveryPointId');
		if (id === '') throw new InvalidInput('There is no recovery point ID', 'Get Many lists them.');
		yield (await step.client.recoveryPoint(await pairOf(step), id, step.signal)) as IDataObject;
	},
};
