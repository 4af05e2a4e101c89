import type { IDataObject } from 'n8n-workflow';
import { arpio, optionsCollection, requestOptions, simplify } from '../../shared/core';
import type { ArpioOperation } from '../service';
import { application, pickedApplication } from './locator';
import { simplifiedApplication } from './simplified';

export const get: ArpioOperation = {
	properties: [application, simplify, optionsCollection(requestOptions(arpio, { paged: false }))],
	async *run(step) {
		const found = await step.client.application(pickedApplication(step), step.signal);
		yield step.simplify ? simplifiedApplication(found) : (found as IDataObject);
	},
};
