import {
	auditApi,
	eventOutput,
	filtersCollection,
	includeRaw,
	optionsCollection,
	requestOptions,
} from '../../shared/core';
import type { AuditApiOperation } from '../service';
import { events } from './events';
import { eventFilters } from './filters';

export const getAll: AuditApiOperation = {
	properties: [
		...eventOutput,
		filtersCollection(eventFilters),
		optionsCollection([includeRaw, ...requestOptions(auditApi, { paged: true })]),
	],
	run: (step) => events(step),
};
