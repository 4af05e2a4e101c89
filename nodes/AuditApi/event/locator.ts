/** Picks an event, and the search behind the list. */
import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { recordOf, auditApi, eventName, listEvent, listResults, text } from '../../shared/core';
import { auditApiService } from '../service';

/** One screen of the list. */
const ROWS = 50;

export const event: INodeProperties = {
	displayName: 'Event',
	name: 'event',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchEvents', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 0b5a5a63-3f2f-4f6c-9f0a-1f6f3f0b8c31',
		},
	],
};

export async function searchEvents(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	return listResults(this, auditApiService, async (call) => {
		const client = auditApiService.client(call);
		const page = { limit: ROWS, startingAfter: cursor };
		const query = filter?.trim();
		const { elements, next } = query ? await client.search({ ...page, query }) : await client.list(page);
		const results = elements.map((element) => {
			const action = recordOf(auditApi, listEvent(element, 'timestamp')).attributes['audit.action'];
			return { name: eventName(text(action), element.json.timestamp), value: element.id ?? '' };
		});
		return { results, next };
	});
}
