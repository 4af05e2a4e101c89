import {
	auditApi,
	includeRaw,
	InvalidInput,
	listEvent,
	optionsCollection,
	requestOptions,
	shaped,
	simplify,
} from '../../shared/core';
import type { AuditApiOperation } from '../service';
import { event } from './locator';

export const get: AuditApiOperation = {
	properties: [event, simplify, optionsCollection([includeRaw, ...requestOptions(auditApi, { paged: false })])],
	async *run(step) {
		const id = step.words('event');
		if (id === '') throw new InvalidInput('No event is picked', 'Pick one from the list, or give its ID.');
		const found = await step.client.retrieve(id, step.signal);
		const asListed = listEvent({ id, raw: found.raw, json: found.event }, 'timestamp');
		yield shaped(auditApi, asListed, { simplify: step.simplify, ...step.options });
	},
};
