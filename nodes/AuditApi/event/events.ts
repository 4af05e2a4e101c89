/** Reads events page by page, for Get Many and Search. */
import type { IDataObject } from 'n8n-workflow';
import { auditApi, everyElement, listEvent, shaped } from '../../shared/core';
import type { AuditApiStep } from '../service';
import { givenFilters } from './filters';

export async function* events(step: AuditApiStep, search?: string): AsyncGenerator<IDataObject> {
	const { query, wants, filtersHere } = givenFilters(step);
	const pageSize = Math.min(step.options.pageSize ?? auditApi.defaults.pageSize, auditApi.defaults.maxPageSize);
	let got = 0;
	const read = (startingAfter: string | undefined) => {
		const left = step.limit === undefined || filtersHere ? pageSize : step.limit - got;
		const page = { ...query, limit: Math.min(pageSize, left), startingAfter, signal: step.signal };
		return search === undefined ? step.client.list(page) : step.client.search({ ...page, query: search });
	};
	for await (const element of everyElement(read)) {
		const event = listEvent(element, 'timestamp');
		if (!wants(event)) continue;
		got++;
		yield shaped(auditApi, event, { simplify: step.simplify, ...step.options });
	}
}
