import { arcusErp, filtersCollection, instant, optionsCollection, requestOptions } from '../../shared/core';
import type { ArcusOperation } from '../service';
import { actorType, from, severity, to } from './filters';

export const getStats: ArcusOperation = {
	properties: [
		filtersCollection([
			actorType,
			from,
			{ displayName: 'Resource Type', name: 'resourceType', type: 'string', default: '', placeholder: 'e.g. order' },
			severity,
			to,
		]),
		optionsCollection(requestOptions(arcusErp, { paged: false })),
	],
	async *run(step) {
		const filters = step.parameter<Filters>('filters', {});
		const stats = await step.client.stats({
			from: instant('From', filters.from, step.timezone),
			to: instant('To', filters.to, step.timezone),
			resourceType: filters.resourceType?.trim() || undefined,
			actorType: filters.actorType || undefined,
			severity: filters.severity || undefined,
			signal: step.signal,
		});
		yield { ...stats };
	},
};

interface Filters {
	from?: unknown;
	to?: unknown;
	resourceType?: string;
	actorType?: string;
	severity?: string;
}
