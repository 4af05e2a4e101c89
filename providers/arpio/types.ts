/**
 * Wire shapes of the Arpio API. Field lists come from the vendor's guide, scripts and Go client; Arpio publishes no schemas, so
 * everything but an id may be missing and no list of values is closed.
 */
import type { JsonObject, Nanos } from '../../core/contract';
import type { Element } from '../../core/json/parse';

export interface Application {
	/** Always filled in: `appId`, or `id` where a server sends that. */
	appId: string;
	accountId?: string;
	name?: string;
	/** `standard`, `terraform`. */
	type?: string;
	createdAt?: string;
	/** Seconds. */
	rpo?: number;
	syncPhase?: string;
	notificationEmails?: string[];
	sourceAwsAccountId?: string;
	sourceRegion?: string;
	targetAwsAccountId?: string;
	targetRegion?: string;
	selectionRules?: unknown[];
	restoreConfig?: { enableQuarantine?: boolean | null; enableMalwareScan?: boolean | null };
	[field: string]: unknown;
}

export interface ReplicationStatus {
	state?: string;
	timestamp?: string | null;
}

/** One protected resource. An EKS application can have thousands of `k8sResource` rows. */
export interface Resource {
	arn?: string;
	type?: string;
	source?: { id?: string; name?: string | null; displayName?: string } | null;
	target?: { arn?: string | null; id?: string | null; name?: string } | null;
	backupStatus?: ReplicationStatus | null;
	restoreStatus?: ReplicationStatus | null;
	[field: string]: unknown;
}

/** What `issues` wraps in `{issue: …}`; `type` is an open list (`acmCertificateNotFound`). */
export interface Issue {
	type?: string;
	[field: string]: unknown;
}

/** What a resource's status is about: only `restore` is confirmed. */
export type StatusScope = 'backup' | 'restore';

export interface StatusChangesPage {
	changes: JsonObject[];
	/** Absent: last page. */
	token?: string;
}

export interface RecoveryPoint {
	recoveryPointId?: string;
	/** The instant that was captured. */
	timestamp?: string;
	/** When it became usable. */
	availableAt?: string;
	protected?: boolean;
	[field: string]: unknown;
}

/** A pair of environments that Arpio replicates between: two AWS accounts with their regions. */
export interface SyncPair {
	sourceAwsAccountId: string;
	sourceRegion: string;
	targetAwsAccountId: string;
	targetRegion: string;
}

/** Both bounds inclusive; sent as UTC with microseconds, the lower one rounded down and the upper one up. */
export interface TimeSpan {
	from?: Nanos;
	to?: Nanos;
}

export interface AuditEventsQuery extends TimeSpan {
	/** Left out after the server refused it once. */
	pageSize?: number;
	/** What is too long in an event is left out. */
	skim?: boolean;
	/** `nextToken` of the page before; the other fields must be the same as there. */
	token?: string;
}

export interface AuditEventsPage {
	/** In the server's order, which means nothing. */
	elements: readonly Element[];
	/** Absent: last page, if `mayBeCut` is false. */
	token?: string;
	/** A list without any token that is as long as a page can be: there may be more, and nothing says where. */
	mayBeCut: boolean;
	serverTime?: Nanos;
}
