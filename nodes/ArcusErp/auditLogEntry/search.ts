import {
	arcusErp,
	eventOutput,
	filtersCollection,
	includeRaw,
	InvalidInput,
	optionsCollection,
	requestOptions,
} from '../../shared/core';
import type { ArcusOperation } from '../service';
import { entries } from './entries';
import { expand } from './expand';
import { entryFilters, givenFilters } from './filters';

export const search: ArcusOperation = {
	properties: [
		{
			displayName: 'Text',
			name: 'searchText',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. SO-001042',
			description: 'Words to find in the description, the action or the label of the resource',
		},
		...eventOutput,
		filtersCollection(entryFilters),
		optionsCollection([expand, includeRaw, ...requestOptions(arcusErp, { paged: true })]),
	],
	async *run(step) {
		const text = step.words('searchText');
		if (text === '') throw new InvalidInput('There is no text to search for', 'Fill in Text, or use Get Many.');
		yield* entries(step, { ...givenFilters(step), search: text });
	},
};
