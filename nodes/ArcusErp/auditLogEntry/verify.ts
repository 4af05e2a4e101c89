import type { INodeProperties } from 'n8n-workflow';
import {
	arcusErp,
	created,
	createdSpan,
	filtersCollection,
	optionsCollection,
	requestOptions,
	type Created,
} from '../../shared/core';
import type { ArcusOperation } from '../service';

const rows: INodeProperties = {
	displayName: 'Entries to Walk',
	name: 'rows',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 10000 },
	default: 1000,
	description:
		'How many entries the service checks at most. The verdict covers no more than these: use Created After and Created Before for a longer log.',
};

export const verify: ArcusOperation = {
	properties: [rows, filtersCollection(created), optionsCollection(requestOptions(arcusErp, { paged: false }))],
	async *run(step) {
		const filters = step.parameter<Created>('filters', {});
		const limit = step.parameter<number>('rows', 1000);
		const verdict = await step.client.verify({
			...createdSpan(filters, step.timezone),
			limit,
			signal: step.signal,
		});
		if (!verdict.available) {
			yield { available: false };
			return;
		}
		const { verified, chainLength, brokenAt = null, brokenReason = null } = verdict;
		// as many as allowed were walked: there may be entries behind them
		yield { available: true, verified, chainLength, brokenAt, brokenReason, mayBeIncomplete: chainLength >= limit };
	},
};
