import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../providers/arpio/types';
import {
	arpio,
	filtersCollection,
	optionsCollection,
	requestOptions,
	returnAllOrLimit,
	simplify,
} from '../../shared/core';
import type { ArpioOperation } from '../service';
import { application, pickedApplication } from './locator';

const filters: INodeProperties[] = [
	{
		displayName: 'Backup State',
		name: 'backupState',
		type: 'string',
		default: '',
		placeholder: 'e.g. OK',
		description: 'Applied in this node, as the API has no such filter',
	},
	{
		displayName: 'Type',
		name: 'type',
		type: 'string',
		default: '',
		placeholder: 'e.g. k8sResource',
		description: 'Applied in this node, as the API has no such filter',
	},
];

export const getResources: ArpioOperation = {
	properties: [
		application,
		...returnAllOrLimit,
		simplify,
		filtersCollection(filters),
		optionsCollection(requestOptions(arpio, { paged: false })),
	],
	async *run(step) {
		const { backupState, type } = step.parameter<{ backupState?: string; type?: string }>('filters', {});
		for (const resource of await step.client.resources(pickedApplication(step), step.signal)) {
			if (type && resource.type !== type) continue;
			if (backupState && resource.backupStatus?.state !== backupState) continue;
			yield step.simplify ? simplifiedResource(resource) : (resource as IDataObject);
		}
	},
};

function simplifiedResource({ arn, type, source, target, backupStatus, restoreStatus }: Resource): IDataObject {
	return {
		arn: arn ?? null,
		type: type ?? null,
		name: source?.displayName ?? source?.name ?? source?.id ?? null,
		targetArn: target?.arn ?? null,
		backupState: backupStatus?.state ?? null,
		backupTime: backupStatus?.timestamp ?? null,
		restoreState: restoreStatus?.state ?? null,
		restoreTime: restoreStatus?.timestamp ?? null,
	};
}
