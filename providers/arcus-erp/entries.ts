/** `GET /audit_log_entries`: one page, with what the provider was seen to refuse left out. */
import type { Call, HttpRequest } from '../../core/contract';
import { cursorBelow, httpFailure, readList } from '../list';
import declaration from './declaration.json';
import type { AuditLogEntry, EntryPage, EntryQuery } from './types';

/** The reference allows 200, the platform's concept page 100 (docs/providers/arcus-erp.md#pages). */
const MAX_LIMIT = 200;
const SAFE_LIMIT = 100;

type Query = NonNullable<HttpRequest['query']>;
type Paging = Pick<EntryQuery, 'limit' | 'startingAfter' | 'expand' | 'skim' | 'signal'>;

export const ENTRIES = declaration.request.path;

/** Remembers refusals of `limit` and of `expand`, so that each costs one request. */
export function entryReader(call: Call) {
	let maxLimit = MAX_LIMIT;
	let expandRefused = false;

	return async function read(filters: Query, paging: Paging): Promise<Omit<EntryPage, 'filteredHere'>> {
		const { startingAfter, skim, signal, limit: wanted = SAFE_LIMIT } = paging;
		for (;;) {
			const expand = expandRefused ? [] : (paging.expand ?? []);
			const limit = clamp(wanted, expand.length ? SAFE_LIMIT : maxLimit);
			const request: HttpRequest = {
				method: 'GET',
				path: ENTRIES,
				query: {
					...filters,
					limit: String(limit),
					starting_after: startingAfter,
					// lists want the prefix, a single entry does not
					'expand[]': expand.length ? expand.map((name) => `data.${name}`) : undefined,
				},
				skim,
				signal,
			};
			const reply = await call(request).catch((error: unknown) => {
				if (limit > SAFE_LIMIT && httpFailure(error, 400, 422)?.param === 'limit') maxLimit = SAFE_LIMIT;
				else if (expand.length > 0 && refusesExpand(error)) expandRefused = true;
				else throw error;
			});
			if (!reply) continue;
			const list = readList<AuditLogEntry>(reply, request);
			const full = Math.min(limit, SAFE_LIMIT);
			return { ...list, next: cursorBelow(list, full, startingAfter), expanded: expand.length > 0 };
		}
	};
}

/** 400 with an expand error, or 403 for the scope of what would be filled in (not the scope of the log itself). */
function refusesExpand(error: unknown): boolean {
	const wrong = httpFailure(error, 400, 422);
	if (wrong) return /expand/.test(`${wrong.code ?? ''} ${wrong.param ?? ''} ${wrong.message ?? ''}`);
	const forbidden = httpFailure(error, 403);
	return forbidden?.required !== undefined && !forbidden.required.startsWith('audit:');
}

function clamp(limit: number, max: number): number {
	return Math.min(max, Math.max(1, Math.trunc(limit) || 1));
}
