import {
	arcusErp,
	filtersCollection,
	includeRaw,
	optionsCollection,
	requestOptions,
	returnAllOrLimit,
	simplify,
} from '../../shared/core';
import type { ArcusOperation } from '../service';
import { entries } from './entries';
import { expand } from './expand';
import { entryFilters, givenFilters } from './filters';

export const getAll: ArcusOperation = {
	properties: [
		...returnAllOrLimit,
		simplify,
		filtersCollection(entryFilters),
		optionsCollection([expand, includeRaw, ...requestOptions(arcusErp, { paged: true })]),
	],
	run: (step) => entries(step, givenFilters(step)),
};
