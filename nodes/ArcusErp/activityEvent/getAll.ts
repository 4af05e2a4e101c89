import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ActivityEvent } from '../../../providers/arcus-erp/types';
import {
	arcusErp,
	created,
	createdSpan,
	eventOutput,
	everyElement,
	filtersCollection,
	objectOf,
	optionsCollection,
	pickedValue,
	requestOptions,
} from '../../shared/core';
import { actorType } from '../auditLogEntry/filters';
import type { ArcusOperation, ArcusStep } from '../service';

/** Of this list; the audit log allows more. */
const MAX_PAGE = 100;

const filters: INodeProperties[] = [
	{ displayName: 'Action', name: 'action', type: 'string', default: '', placeholder: 'e.g. order.created' },
	{
		displayName: 'Actor ID',
		name: 'actorId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 6a2c7a1e-11b5-4c1c-9d8e-0a5d3c5b7f21',
	},
	actorType,
	...created,
	{
		displayName: 'Resource ID',
		name: 'resourceId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 7f0e7a52-5d3b-4f6e-8f54-2f9a9d1c0b77',
	},
	{ displayName: 'Resource Type', name: 'resourceType', type: 'string', default: '', placeholder: 'e.g. order' },
	{
		displayName: 'Text',
		name: 'search',
		type: 'string',
		default: '',
		placeholder: 'e.g. SO-001042',
		description: 'Words to find in the event',
	},
];

export const getAll: ArcusOperation = {
	properties: [
		...eventOutput,
		filtersCollection(filters),
		optionsCollection(requestOptions(arcusErp, { paged: true })),
	],
	async *run(step) {
		const { resourceType, resourceId, ...query } = given(step);
		const pageSize = Math.min(step.options.pageSize ?? MAX_PAGE, MAX_PAGE);
		let got = 0;
		const read = (startingAfter: string | undefined) => {
			const limit = Math.min(pageSize, step.limit === undefined ? pageSize : step.limit - got);
			const paging = { ...query, limit, startingAfter, signal: step.signal };
			return resourceType && resourceId
				? step.client.listResourceActivity(resourceType, resourceId, paging)
				: step.client.listActivity({ ...paging, resourceType, resourceId });
		};
		for await (const element of everyElement<ActivityEvent>(read)) {
			got++;
			const event = objectOf(element);
			yield (step.simplify && event === element.json ? simplified(event) : event) as IDataObject;
		}
	},
};

function given(step: ArcusStep) {
	const { createdAfter, createdBefore, ...rest } = step.parameter<Record<string, unknown>>('filters', {});
	const word = (name: string) => pickedValue(rest[name]) || undefined;
	return {
		action: word('action'),
		actorId: word('actorId'),
		actorType: word('actorType'),
		resourceId: word('resourceId'),
		resourceType: word('resourceType'),
		search: word('search'),
		...createdSpan({ createdAfter, createdBefore }, step.timezone),
	};
}

function simplified(event: ActivityEvent): IDataObject {
	const { id, created_at, action, severity, outcome, actor, description } = event;
	return {
		id,
		time: created_at,
		action,
		severity,
		outcome,
		actor: actor?.label ?? actor?.id ?? null,
		target: [event.resource_type, event.resource_label ?? event.resource_id].filter(Boolean).join(' ') || null,
		message: description,
	};
}
