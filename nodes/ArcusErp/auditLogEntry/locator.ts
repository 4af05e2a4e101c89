/** Picks an entry, and the search behind the list. */
import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { eventName, listResults, text } from '../../shared/core';
import { arcusService } from '../service';

/** One screen of the list. */
const ROWS = 50;

export const entry: INodeProperties = {
	displayName: 'Entry',
	name: 'entry',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchEntries', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 0d9b5c5e-9f0a-4a55-8a54-0b0c5f0f9e11',
		},
	],
};

export async function searchEntries(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	return listResults(this, arcusService, async (call, settings) => {
		const query = { search: filter?.trim() || undefined, limit: ROWS, startingAfter: cursor };
		const { elements, next } = await arcusService.client(call, settings).list(query);
		const results = elements.map(({ id, json }) => ({
			name: eventName(json.action, json.created_at, text(json.description)),
			value: id ?? '',
		}));
		return { results, next };
	});
}
