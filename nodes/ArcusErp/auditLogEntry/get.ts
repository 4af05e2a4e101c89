import type { Expand } from '../../../providers/arcus-erp/types';
import {
	arcusErp,
	includeRaw,
	InvalidInput,
	listEvent,
	optionsCollection,
	requestOptions,
	shaped,
	simplify,
} from '../../shared/core';
import type { ArcusOperation } from '../service';
import { expand } from './expand';
import { entry } from './locator';

export const get: ArcusOperation = {
	properties: [entry, simplify, optionsCollection([expand, includeRaw, ...requestOptions(arcusErp, { paged: false })])],
	async *run(step) {
		const id = step.words('entry');
		if (id === '') throw new InvalidInput('No entry is picked', 'Pick one from the list, or give its ID.');
		const found = await step.client.get(id, (step.options.expand as Expand[] | undefined) ?? [], step.signal);
		const event = listEvent({ id, raw: found.raw, json: found.entry }, 'created_at');
		yield shaped(arcusErp, event, { simplify: step.simplify, ...step.options });
	},
};
