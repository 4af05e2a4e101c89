/** Operations of the Arcus ERP audit API, tolerant of everything that its documentation leaves open. */
import { object } from '../../core/record/attributes';
import type { Call, HttpRequest, JsonReply, Nanos } from '../../core/contract';
import { bodyText, malformed } from '../../core/http/readJson';
import { isPlain } from '../../core/record/event';
import { httpFailure } from '../list';
import { formatInstant } from '../../core/time';
import { activityClient } from './activity';
import { ENTRIES, entryReader } from './entries';
import { eitherPath } from './paths';
import { enumFilters, searcher } from './search';
import type {
	ActorType,
	AuditLogEntry,
	EntryPage,
	EntryQuery,
	Expand,
	Maybe,
	Severity,
	Stats,
	ArcusVerification,
} from './types';

export type ArcusClient = ReturnType<typeof arcusClient>;

/** @param options.entityId Prefer paths with the entity in them; the flat ones are tried when those answer 404. */
export function arcusClient(transport: Call, options: { entityId?: string } = {}) {
	const call = eitherPath(transport, options.entityId);
	const readEntries = entryReader(call);
	const search = searcher();

	return {
		...activityClient(call),

		/** One page, newest first. */
		async list(query: EntryQuery = {}): Promise<EntryPage> {
			const { sent, tests } = enumFilters(query);
			const filters = {
				from_date: instant(query.from),
				to_date: instant(query.to),
				action: query.action,
				resource_type: query.resourceType,
				resource_id: query.resourceId,
				actor_id: query.actorId,
				actor_label: query.actorLabel,
				ip_address: query.ipAddress,
				session_id: query.sessionId,
				...sent,
			};
			const read = (text: string | undefined) => readEntries({ ...filters, search: text }, query);
			const { page, test } = query.search ? await search(query.search, read) : { page: await read(undefined) };
			if (test) tests.push(test);
			const elements = page.elements.filter((element) => tests.every((one) => one(element)));
			return { ...page, elements, filteredHere: tests.length > 0 };
		},

		/** The entry and its text as received. Every name in `expand` needs the scope of what it fills in. */
		async get(
			id: string,
			expand: readonly Expand[] = [],
			signal?: AbortSignal,
		): Promise<{ entry: AuditLogEntry; raw: string }> {
			const query = { 'expand[]': expand.length ? expand : undefined };
			const request: HttpRequest = { method: 'GET', path: `${ENTRIES}/${encodeURIComponent(id)}`, query, signal };
			const reply = await call(request);
			if (!isPlain(reply.json)) throw malformed(request, reply.status, 'the answer is not an entry');
			return { entry: reply.json, raw: bodyText(reply.body) };
		},

		/**
		 * Lets the service walk its hash chain. POST, but it only reads. No idempotency key is sent: with one the service
		 * would repeat an old verdict for 24 hours.
		 * @param query.limit Rows to walk, 1 to 10,000; the service's default is 1000.
		 */
		async verify(
			query: { from?: Nanos; to?: Nanos; limit?: number; signal?: AbortSignal } = {},
		): Promise<Maybe<ArcusVerification>> {
			const limit = query.limit === undefined ? undefined : Math.min(10_000, Math.max(1, Math.trunc(query.limit)));
			const body = JSON.stringify({ from_date: instant(query.from), to_date: instant(query.to), limit });
			const request: HttpRequest = {
				method: 'POST',
				path: `${ENTRIES}/verify`,
				body,
				idempotent: true,
				signal: query.signal,
			};
			return available(call(request), ({ json, status }) => {
				const { verified, chain_length, broken_at, broken_reason } = object(json);
				if (typeof verified !== 'boolean') throw malformed(request, status, 'the answer has no verdict');
				return {
					verified,
					chainLength: Number(chain_length ?? 0),
					brokenAt: textOrNone(broken_at),
					brokenReason: textOrNone(broken_reason),
				};
			});
		},

		/** Counts per action, resource type, severity and outcome. */
		async stats(
			query: {
				from?: Nanos;
				to?: Nanos;
				resourceType?: string;
				actorType?: ActorType;
				severity?: Severity;
				signal?: AbortSignal;
			} = {},
		): Promise<Maybe<Stats>> {
			const request: HttpRequest = {
				method: 'GET',
				path: `${ENTRIES}/stats`,
				query: {
					from_date: instant(query.from),
					to_date: instant(query.to),
					resource_type: query.resourceType,
					actor_type: query.actorType,
					severity: query.severity,
				},
				signal: query.signal,
			};
			return available(call(request), ({ json, status }) => {
				const stats = object(json);
				if (typeof stats.total !== 'number') throw malformed(request, status, 'the answer has no total');
				return {
					total: stats.total,
					byAction: counts(stats.by_action),
					byResourceType: counts(stats.by_resource_type),
					bySeverity: counts(stats.by_severity),
					byOutcome: counts(stats.by_outcome),
				};
			});
		},
	};
}

/** UTC with microseconds: which time zones and precisions the API takes is not documented. */
function instant(time: Nanos | undefined): string | undefined {
	return time === undefined ? undefined : formatInstant(time);
}

/** 501 `not_implemented` is an answer, not an outage. */
async function available<T>(reply: Promise<JsonReply>, read: (reply: JsonReply) => T): Promise<Maybe<T>> {
	return reply.then(
		(given): Maybe<T> => ({ available: true, ...read(given) }),
		(error: unknown): Maybe<T> => {
			if (httpFailure(error, 501)) return { available: false };
			throw error;
		},
	);
}

function counts(value: unknown): Record<string, number> {
	return Object.fromEntries(
		Object.entries(object(value)).filter((pair): pair is [string, number] => typeof pair[1] === 'number'),
	);
}

function textOrNone(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}
