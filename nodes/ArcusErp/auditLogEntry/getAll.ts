import {
	arcusErp,
	eventOutput,
	filtersCollection,
	includeRaw,
	optionsCollection,
	requestOptions,
} from '../../shared/core';
import type { ArcusOperation } from '../service';
import { entries } from './entries';
import { expand } from './expand';
import { entryFilters, givenFilters } from './filters';

export const getAll: ArcusOperation = {
	properties: [
		...eventOutput,
		filtersCollection(entryFilters),
		optionsCollection([expand, includeRaw, ...requestOptions(arcusErp, { paged: true })]),
	],
	run: (step) => entries(step, givenFilters(step)),
};
