/**
 * The activity feed. The query names beyond `limit`, `starting_after` and `actor_type` and the path `/activity` were not
 * readable in the vendor's docs; they follow the audit log and the wording "created after/before".
 */
import type { Call, HttpRequest } from '../../core/contract';
import { malformed } from '../../core/http/readJson';
import { isPlain } from '../../core/record/event';
import { cursorBelow, readList, type ListPage } from '../list';
import { formatInstant } from '../../core/time';
import type { ActivityEvent, ActivityQuery } from './types';

const MAX_LIMIT = 100;

export function activityClient(call: Call) {
	async function list(path: string, query: ActivityQuery): Promise<ListPage<ActivityEvent>> {
		const limit = Math.min(MAX_LIMIT, Math.max(1, Math.trunc(query.limit ?? MAX_LIMIT) || 1));
		const request: HttpRequest = {
			method: 'GET',
			path,
			query: {
				action: query.action,
				resource_type: query.resourceType,
				resource_id: query.resourceId,
				actor_type: query.actorType,
				actor_id: query.actorId,
				created_after: query.from === undefined ? undefined : formatInstant(query.from),
				created_before: query.to === undefined ? undefined : formatInstant(query.to),
				search: query.search,
				limit: String(limit),
				starting_after: query.startingAfter,
			},
			signal: query.signal,
		};
		const page = readList<ActivityEvent>(await call(request), request);
		return { ...page, next: cursorBelow(page, limit, query.startingAfter) };
	}

	return {
		listActivity: (query: ActivityQuery = {}) => list('/activity', query),

		listResourceActivity: (type: string, id: string, query: Omit<ActivityQuery, 'resourceType' | 'resourceId'> = {}) =>
			list(`/resources/${encodeURIComponent(type)}/${encodeURIComponent(id)}/activity`, query),

		/** @param id `act_…`, or the id of the audit log entry. */
		async getActivity(id: string, signal?: AbortSignal): Promise<ActivityEvent> {
			const request: HttpRequest = { method: 'GET', path: `/activity/${encodeURIComponent(id)}`, signal };
			const { json, status } = await call(request);
			if (!isPlain(json)) throw malformed(request, status, 'the answer is not an event');
			return json;
		},
	};
}
