/**
 * Wire shapes of the Arcus ERP audit API. Every field may be null or absent and every enum is open: new values are not a
 * breaking change for the vendor ("Versioning"), and the audit log is seen with `notice` and `denied`, which only the
 * activity feed documents.
 */
import type { JsonObject, Nanos } from '../../core/contract';
import type { ListPage } from '../list';

/** A known value or one that the vendor adds later. */
export type Open<T extends string> = T | (string & {});

export const SEVERITIES = ['info', 'warning', 'critical', 'security'] as const;
export const OUTCOMES = ['success', 'failure'] as const;
export const ACTOR_TYPES = ['user', 'api_key', 'system', 'webhook'] as const;

export type Severity = Open<(typeof SEVERITIES)[number] | 'notice'>;
export type ArcusOutcome = Open<(typeof OUTCOMES)[number] | 'denied'>;
export type ActorType = Open<(typeof ACTOR_TYPES)[number]>;

export type Expand = 'actor' | 'resource' | 'diff' | 'chain';

export interface AuditLogEntry {
	id?: string;
	object?: 'audit_log_entry';
	entity_id?: string | null;
	actor?: {
		type?: ActorType | null;
		id?: string | null;
		label?: string | null;
		/** With expand `actor`. */
		name?: string | null;
		/** With expand `actor`. */
		email?: string | null;
		on_behalf_of_user_id?: string | null;
	} | null;
	action?: string | null;
	resource?: { type?: string | null; id?: string | null; label?: string | null } | null;
	description?: string | null;
	metadata?: JsonObject | null;
	ip_address?: string | null;
	user_agent?: string | null;
	session_id?: string | null;
	request_id?: string | null;
	severity?: Severity | null;
	outcome?: ArcusOutcome | null;
	error_code?: string | null;
	/** With expand `diff`, as the next two. Their shape is not documented. */
	before_state?: unknown;
	after_state?: unknown;
	diff?: unknown;
	/** With expand `chain`; some keys do not get it. */
	_chain?: { prev_hash?: string | null; entry_hash?: string | null; archived_at?: string | null } | null;
	/** RFC 3339. */
	created_at?: string;
}

/** The same log as a feed: flat `resource_*`, no address, session or chain. */
export interface ActivityEvent {
	/** `act_` and the entry's id without dashes. */
	id?: string;
	object?: 'activity_event';
	entity_id?: string | null;
	created_at?: string;
	actor?: { type?: ActorType; id?: string | null; label?: string | null; on_behalf_of?: JsonObject | null } | null;
	action?: string | null;
	resource_type?: string | null;
	resource_id?: string | null;
	resource_label?: string | null;
	description?: string | null;
	severity?: Severity | null;
	outcome?: ArcusOutcome | null;
	error_code?: string | null;
	request_id?: string | null;
	metadata?: JsonObject | null;
	diff?: { before?: unknown; after?: unknown } | null;
}

/** Filters of `GET /audit_log_entries`. */
export interface EntryFilter {
	from?: Nanos;
	to?: Nanos;
	/** Exact slug, `order.created`. */
	action?: string;
	resourceType?: string;
	resourceId?: string;
	/** A value that the API does not document as a filter is applied to the pages here, as in the next two. */
	actorType?: ActorType;
	severity?: Severity;
	outcome?: ArcusOutcome;
	actorId?: string;
	actorLabel?: string;
	ipAddress?: string;
	sessionId?: string;
	/** Free text over description, action and resource label. */
	search?: string;
}

export interface EntryQuery extends EntryFilter {
	/** 1 to 200, default 100. At most 100 with `expand`: the platform fills in 100 rows per relation. */
	limit?: number;
	/** Id of the last entry already read; exclusive. */
	startingAfter?: string;
	/** Left out when the provider refuses it. */
	expand?: readonly Expand[];
	/** What is too long in an entry is left out. */
	skim?: boolean;
	signal?: AbortSignal;
}

export interface EntryPage extends ListPage<AuditLogEntry> {
	/** False when `expand` was refused, or not asked for. */
	expanded: boolean;
	/** Whether the pages are filtered here because the API does not: `next` may exist although this page is empty. */
	filteredHere: boolean;
}

export interface ActivityQuery {
	action?: string;
	resourceType?: string;
	resourceId?: string;
	actorType?: ActorType;
	actorId?: string;
	from?: Nanos;
	to?: Nanos;
	search?: string;
	/** 1 to 100, default 100. */
	limit?: number;
	startingAfter?: string;
	signal?: AbortSignal;
}

/** What an endpoint gives that the vendor documents but may not have switched on (501 `not_implemented`). */
export type Maybe<T> = ({ available: true } & T) | { available: false };

export interface ArcusVerification {
	verified: boolean;
	/** Rows walked: `verified` covers no more than these. */
	chainLength: number;
	/** Id of the first row where the chain broke. */
	brokenAt?: string;
	brokenReason?: Open<'prev_hash_mismatch' | 'entry_hash_mismatch' | 'missing_row' | 'null_hash'>;
}

export interface Stats {
	total: number;
	byAction: Record<string, number>;
	byResourceType: Record<string, number>;
	bySeverity: Record<string, number>;
	byOutcome: Record<string, number>;
}
