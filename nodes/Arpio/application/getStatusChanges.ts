import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { StatusScope } from '../../../providers/arpio/types';
import { arpio, optionsCollection, requestOptions, returnAllOrLimit } from '../../shared/core';
import { everyPage } from '../everyPage';
import type { ArpioOperation } from '../service';
import { application, pickedApplication } from './locator';

const scope: INodeProperties = {
	displayName: 'Scope',
	name: 'scope',
	type: 'options',
	options: [
		{ name: 'Backup', value: 'backup' },
		{ name: 'Restore', value: 'restore' },
	],
	default: 'restore',
	description: 'Whose status: of what is copied away, or of what is made of it in the recovery environment',
};

/** Arpio publishes no fields of a change, so there is nothing to simplify. */
export const getStatusChanges: ArpioOperation = {
	properties: [application, scope, ...returnAllOrLimit, optionsCollection(requestOptions(arpio, { paged: false }))],
	async *run(step) {
		const appId = pickedApplication(step);
		const of = step.parameter<StatusScope>('scope', 'restore');
		for await (const { changes } of everyPage((token) => step.client.statusChanges(appId, of, token, step.signal))) {
			for (const change of changes) yield change as IDataObject;
		}
	},
};
