import {
	auditApi,
	eventOutput,
	filtersCollection,
	includeRaw,
	InvalidInput,
	optionsCollection,
	requestOptions,
} from '../../shared/core';
import type { AuditApiOperation } from '../service';
import { events } from './events';
import { eventFilters } from './filters';

export const search: AuditApiOperation = {
	properties: [
		{
			displayName: 'Query',
			name: 'query',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. account.*',
			description:
				'What to find in the payloads. An asterisk stands for anything, double quotes keep a phrase together.',
		},
		...eventOutput,
		filtersCollection(eventFilters),
		optionsCollection([includeRaw, ...requestOptions(auditApi, { paged: true })]),
	],
	async *run(step) {
		const query = step.words('query');
		if (query === '') throw new InvalidInput('There is no query', 'Fill in Query, or use Get Many.');
		yield* events(step, query);
	},
};
