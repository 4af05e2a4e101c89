import {
	arcusErp,
	created,
	createdSpan,
	filtersCollection,
	optionsCollection,
	pickedValue,
	requestOptions,
	type Created,
} from '../../shared/core';
import type { ArcusOperation } from '../service';
import { actorType, severity } from './filters';

export const getStats: ArcusOperation = {
	properties: [
		filtersCollection([
			actorType,
			...created,
			{ displayName: 'Resource Type', name: 'resourceType', type: 'string', default: '', placeholder: 'e.g. order' },
			severity,
		]),
		optionsCollection(requestOptions(arcusErp, { paged: false })),
	],
	async *run(step) {
		const filters = step.parameter<Filters>('filters', {});
		const stats = await step.client.stats({
			...createdSpan(filters, step.timezone),
			resourceType: pickedValue(filters.resourceType) || undefined,
			actorType: filters.actorType || undefined,
			severity: filters.severity || undefined,
			signal: step.signal,
		});
		yield { ...stats };
	},
};

interface Filters extends Created {
	resourceType?: unknown;
	actorType?: string;
	severity?: string;
}
