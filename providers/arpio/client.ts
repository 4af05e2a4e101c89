/** Typed operations of the Arpio API, tolerant where its sources disagree. Read only. */
import { object, text } from '../../core/record/attributes';
import type { Call, HttpRequest, JsonReply, Nanos } from '../../core/contract';
import { RequestError } from '../../core/http/failure';
import { isPlain } from '../../core/record/event';
import { malformed } from '../../core/http/readJson';
import { serverTime } from '../../core/http/retryAfter';
import { formatInstant } from '../../core/time';
import { filledIn } from '../declared/template';
import declaration from './declaration.json';
import { readList, readToken, readValues } from './envelope';
import type {
	Application,
	AuditEventsPage,
	AuditEventsQuery,
	Issue,
	RecoveryPoint,
	Resource,
	StatusChangesPage,
	StatusScope,
	SyncPair,
	TimeSpan,
} from './types';

/** Neither default nor maximum is published. */
const PAGE_SIZE = declaration.page.size;

/** Without a page size of our own, a list this long counts as possibly cut: no API in use has smaller default pages. */
const SMALLEST_DEFAULT_PAGE = 10;

/** Throws `RequestError` and nothing else. */
export interface AuditFeed {
	auditEvents(query?: AuditEventsQuery, signal?: AbortSignal): Promise<AuditEventsPage>;
	/** The server gives pages of a size of its own. */
	isPageSizeRefused(): boolean;
}

/** All methods throw `RequestError` and nothing else. */
export interface ArpioClient extends AuditFeed {
	applications(signal?: AbortSignal): Promise<Application[]>;
	application(appId: string, signal?: AbortSignal): Promise<Application>;
	/** With `backupStatus` and `restoreStatus`: how replication stands. */
	resources(appId: string, signal?: AbortSignal): Promise<Resource[]>;
	issues(appId: string, signal?: AbortSignal): Promise<Issue[]>;
	/** One page; the fields of a change are not published. */
	statusChanges(appId: string, scope: StatusScope, token?: string, signal?: AbortSignal): Promise<StatusChangesPage>;
	recoveryPoints(pair: SyncPair, span?: TimeSpan, signal?: AbortSignal): Promise<RecoveryPoint[]>;
	recoveryPoint(pair: SyncPair, id: string, signal?: AbortSignal): Promise<RecoveryPoint>;
	/** What Arpio can protect. Undefined where it is not offered (404): only an older guide names it. */
	resourceTypes(signal?: AbortSignal): Promise<unknown[] | undefined>;
}

export function auditEventsPath(accountId: string): string {
	return filledIn(declaration.request.path, { accountId }, encodeURIComponent);
}

/** @param usual Page size that is asked for at first. */
export function auditFeed(call: Call, accountId: string, usual = Infinity): AuditFeed {
	let pageSizeRefused = false;

	/**
	 * `pageSize` is documented, but servers may limit it: once without it before giving up. Not when it was a large one: that
	 * says nothing of those that are usual.
	 */
	async function auditEventsReply(
		{ from, to, pageSize = PAGE_SIZE, skim, token }: AuditEventsQuery,
		signal?: AbortSignal,
	): Promise<{ request: HttpRequest; reply: JsonReply }> {
		const query = { ...bounds({ from, to }), nextToken: token };
		const plain: HttpRequest = { method: 'GET', path: auditEventsPath(accountId), query, skim, signal };
		if (pageSizeRefused) return { request: plain, reply: await call(plain) };
		const sized: HttpRequest = { ...plain, query: { ...query, pageSize: String(pageSize) } };
		const sizedReply = await call(sized).catch((error: unknown) => {
			if (pageSize > usual || !isStatus(error, 400, 422)) throw error;
			return undefined;
		});
		if (sizedReply) return { request: sized, reply: sizedReply };
		const reply = await call(plain).catch((failed: unknown) => {
			// what is too large was accepted before
			pageSizeRefused = isTooLarge(failed);
			throw failed;
		});
		pageSizeRefused = true;
		return { request: plain, reply };
	}

	return {
		isPageSizeRefused: () => pageSizeRefused,

		async auditEvents(query = {}, signal) {
			const { request, reply } = await auditEventsReply(query, signal);
			const { elements, enveloped } = readList(request, reply, ['events', 'auditEvents', 'items', 'data', 'results']);
			const token = readToken(request, reply);
			const full = pageSizeRefused ? SMALLEST_DEFAULT_PAGE : (query.pageSize ?? PAGE_SIZE);
			const mayBeCut = !enveloped && token === undefined && elements.length >= full;
			return { elements, token, mayBeCut, serverTime: serverTime(reply.headers) };
		},
	};
}

export function arpioClient(call: Call, accountId: string): ArpioClient {
	async function list<T>(path: readonly string[], keys: readonly string[], extra: Partial<HttpRequest>): Promise<T[]> {
		const request = get(['api', 'accounts', accountId, ...path], extra);
		return readValues(request, await call(request), keys) as T[];
	}

	return {
		...auditFeed(call, accountId),

		async applications(signal) {
			const rows = await list<unknown>(['applications'], ['applications', 'items'], { signal });
			return rows.map(toApplication).filter((application) => application !== undefined);
		},

		async application(appId, signal) {
			const request = get(['api', 'accounts', accountId, 'applications', appId], { signal });
			const { json, status } = await call(request);
			const application = toApplication(json);
			if (!application) throw malformed(request, status, 'the body is not an application: there is no appId');
			return application;
		},

		resources: (appId, signal) =>
			list<Resource>(['applications', appId, 'resources'], ['resources', 'items'], { signal }),

		async issues(appId, signal) {
			const rows = await list<unknown>(['applications', appId, 'issues'], ['issues', 'items'], { signal });
			return rows.map((row) => object(object(row)['issue'] ?? row));
		},

		async statusChanges(appId, scope, token, signal) {
			const path = ['api', 'accounts', accountId, 'applications', appId, 'resourceStatusChanges', scope];
			const request = get(path, { query: { nextToken: token }, signal });
			const reply = await call(request);
			const keys = ['resourceStatusChanges', 'statusChanges', 'changes', 'items', 'data', 'results', 'events'];
			return { changes: readValues(request, reply, keys).map(object), token: readToken(request, reply) };
		},

		recoveryPoints: (pair, span = {}, signal) =>
			list<RecoveryPoint>(['syncPairs', ...environments(pair), 'recoveryPoints'], ['recoveryPoints', 'items'], {
				query: bounds(span),
				signal,
			}),

		async recoveryPoint(pair, id, signal) {
			const path = ['api', 'accounts', accountId, 'syncPairs', ...environments(pair), 'recoveryPoints', id];
			const request = get(path, { signal });
			const { json, status } = await call(request);
			if (!isPlain(json)) throw malformed(request, status, 'the body is not a recovery point');
			return json;
		},

		async resourceTypes(signal) {
			const request = get(['api', 'info', 'resourceTypes.json'], { signal });
			const reply = await call(request).catch((error: unknown) => {
				if (isStatus(error, 404)) return undefined;
				throw error;
			});
			return reply && readValues(request, reply, ['resourceTypes', 'items']);
		},
	};
}

function environments({ sourceAwsAccountId, sourceRegion, targetAwsAccountId, targetRegion }: SyncPair): string[] {
	return [sourceAwsAccountId, sourceRegion, targetAwsAccountId, targetRegion];
}

function get(path: readonly string[], extra: Partial<HttpRequest>): HttpRequest {
	return { ...extra, method: 'GET', path: `/${path.map(encodeURIComponent).join('/')}` };
}

/** UTC with microseconds, as the vendor's script sends it; widened to whole microseconds so that nothing at a bound is missed. */
function bounds({ from, to }: TimeSpan): { timestampStart?: string; timestampEnd?: string } {
	return {
		timestampStart: from === undefined ? undefined : formatInstant(from, 6),
		timestampEnd: to === undefined ? undefined : formatInstant(ceilToMicros(to), 6),
	};
}

function ceilToMicros(instant: Nanos): Nanos {
	return instant + (((-instant % 1000n) + 1000n) % 1000n);
}

function toApplication(json: unknown): Application | undefined {
	const appId = text(object(json)['appId'] ?? object(json)['id']);
	return appId ? { ...object(json), appId } : undefined;
}

function isTooLarge(error: unknown): boolean {
	return error instanceof RequestError && error.failure.kind === 'tooLarge';
}

function isStatus(error: unknown, ...statuses: number[]): boolean {
	return error instanceof RequestError && error.failure.kind === 'http' && statuses.includes(error.failure.status);
}
