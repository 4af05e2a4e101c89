import type { IDataObject } from 'n8n-workflow';
import { arpio, optionsCollection, requestOptions, returnAllOrLimit } from '../../shared/core';
import type { ArpioOperation } from '../service';
import { application, pickedApplication } from './locator';

/** Issues differ by type and are small, so there is nothing to simplify. */
export const getIssues: ArpioOperation = {
	properties: [application, ...returnAllOrLimit, optionsCollection(requestOptions(arpio, { paged: false }))],
	async *run(step) {
		for (const issue of await step.client.issues(pickedApplication(step), step.signal)) yield issue as IDataObject;
	},
};
