/** Reads entries page by page, for Get Many and Search. */
import type { IDataObject } from 'n8n-workflow';
import type { EntryFilter, EntryPage, Expand } from '../../../providers/arcus-erp/types';
import { arcusErp, everyElement, listEvent, shaped } from '../../shared/core';
import type { ArcusStep } from '../service';

export async function* entries(step: ArcusStep, filter: EntryFilter): AsyncGenerator<IDataObject> {
	const { pageSize = arcusErp.defaults.pageSize, expand, ...options } = step.options;
	let got = 0;
	let last: EntryPage | undefined;
	const read = async (cursor: string | undefined) => {
		const left = step.limit === undefined ? pageSize : step.limit - got;
		// a page that is filtered here gives fewer entries than it holds
		const limit = last?.filteredHere ? pageSize : Math.min(pageSize, left);
		last = await step.client.list({
			...filter,
			expand: expand as Expand[] | undefined,
			limit,
			startingAfter: cursor,
			signal: step.signal,
		});
		return last;
	};
	for await (const element of everyElement(read)) {
		got++;
		yield shaped(arcusErp, listEvent(element, 'created_at'), { simplify: step.simplify, ...options });
	}
	if (last && !last.expanded && Array.isArray(expand) && expand.length > 0) {
		step.hint('Arcus ERP refused to fill in what Expand asks for; the entries are returned without it.');
	}
}
