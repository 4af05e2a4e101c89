import {
	auditApi,
	filtersCollection,
	includeRaw,
	optionsCollection,
	requestOptions,
	returnAllOrLimit,
	simplify,
} from '../../shared/core';
import type { AuditApiOperation } from '../service';
import { events } from './events';
import { eventFilters } from './filters';

export const getAll: AuditApiOperation = {
	properties: [
		...returnAllOrLimit,
		simplify,
		filtersCollection(eventFilters),
		optionsCollection([includeRaw, ...requestOptions(auditApi, { paged: true })]),
	],
	run: (step) => events(step),
};
