import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { arpio, pollTrigger, triggerProperties, watchSubtitle } from '../shared/core';
import { withNames } from './application/known';
import { searchApplications, target } from './application/locator';
import { CREDENTIAL } from './service';

export class ArpioTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Arpio Trigger',
		name: 'arpioTrigger',
		icon: { light: 'file:arpio.svg', dark: 'file:arpio.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: watchSubtitle,
		description: 'Starts the workflow on a failover, a DR test or another event in Arpio',
		defaults: { name: 'Arpio Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'arpioApi', required: true }],
		properties: triggerProperties(arpio, { preset: ['failover', 'failback'], target }),
	};

	methods = { listSearch: { searchApplications } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return pollTrigger(this, { provider: arpio, credentialType: CREDENTIAL, complete: withNames });
	}
}
