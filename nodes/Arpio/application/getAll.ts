import type { IDataObject } from 'n8n-workflow';
import { arpio, optionsCollection, requestOptions, returnAllOrLimit, simplify } from '../../shared/core';
import type { ArpioOperation } from '../service';
import { simplifiedApplication } from './simplified';

export const getAll: ArpioOperation = {
	properties: [...returnAllOrLimit, simplify, optionsCollection(requestOptions(arpio, { paged: false }))],
	async *run(step) {
		for (const found of await step.client.applications(step.signal)) {
			yield step.simplify ? simplifiedApplication(found) : (found as IDataObject);
		}
	},
};
