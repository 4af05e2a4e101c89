/** Picks an application, and the search behind the list. */
import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { InvalidInput, listResults } from '../../shared/core';
import { arpioService, type ArpioStep } from '../service';

const EXAMPLE = 'e.g. Zt5wQe8rUy1iOp3aSd6fGh';

/** For where none has to be picked. */
export const applicationFilter: INodeProperties = {
	displayName: 'Application',
	name: 'application',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchApplications', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: EXAMPLE },
	],
};

export const application: INodeProperties = { ...applicationFilter, required: true };

/** Of the trigger. */
export const target: INodeProperties = {
	...applicationFilter,
	displayName: 'Target',
	name: 'target',
	description: 'Only what was done to this: an application from the list, or the ID, name or type of anything',
	modes: [
		applicationFilter.modes![0]!,
		{ displayName: 'By ID, Name or Type', name: 'id', type: 'string', placeholder: EXAMPLE },
	],
};

export function pickedApplication(step: ArpioStep): string {
	const id = step.words('application');
	if (id === '') throw new InvalidInput('No application is picked', 'Pick one from the list, or give its ID.');
	return id;
}

export async function searchApplications(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	return listResults(this, arpioService, async (call, settings) => {
		const all = await arpioService.client(call, settings).applications();
		const wanted = filter.toLowerCase();
		const results = all
			.map(({ appId, name }) => ({ name: name || appId, value: appId }))
			.filter(({ name, value }) => `${name}\n${value}`.toLowerCase().includes(wanted))
			.sort((a, b) => a.name.localeCompare(b.name));
		return { results };
	});
}
