/**
 * The published mapping (docs/mapping) as data: attribute → where in the provider's JSON its value is. Written apart from the
 * mapping code, so that a test can hold the records that really arrived against it.
 */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment */

/** A path, several of which the first that is there counts, or what no path says, in words and as code. */
export type From = string | readonly string[] | { says: string; of: (event: any) => unknown };

export interface Mapping {
	/** As people write it. */
	title: string;
	/** Name of the provider and of its pages. */
	name: string;
	label: 'arpio' | 'arcus' | 'auditapi';
	id: string;
	time: string;
	action: From;
	/** Undefined and null: the attribute is absent. */
	attributes: Record<string, From>;
}

const failed = (outcome: unknown) => outcome === 'failure' || outcome === 'denied';
const target = (event: any) => event.resources?.find(({ type }: any) => type !== 'account') ?? event.resources?.[0];

export const arpioMapping: Mapping = {
	title: 'Arpio',
	name: 'arpio',
	label: 'arpio',
	id: 'eventId',
	time: 'timestamp',
	action: 'type',
	attributes: {
		'audit.access': 'access',
		'audit.outcome': {
			says: '`result`, else what the status code says, else `unknown`',
			of: ({ result, context }) => {
				const code = context?.apiResponse?.statusCode;
				return result ?? (code === undefined ? 'unknown' : code < 400 ? 'success' : 'failure');
			},
		},
		'audit.channel': 'source',
		'audit.tenant.id': 'accountId',
		'audit.actor.type': {
			says: '`principal.type`; `system` when `principal` is null',
			of: ({ principal }) => (principal === null ? 'system' : principal?.type),
		},
		'audit.actor.id': 'principal.identity.subjectId',
		'user.id': 'principal.identity.subjectId',
		'audit.actor.authority': 'principal.identity.authority',
		'audit.target.type': {
			says: '`type` of the first of `resources` that is no `account`, else of the first',
			of: (event) => target(event)?.type,
		},
		'audit.target.id': { says: '`id` of the same', of: (event) => target(event)?.id },
		'audit.target.name': {
			says: '`name` of the same, if it has one',
			of: (event) => target(event)?.name,
		},
		'audit.targets': {
			says: '`type:id` of all `resources`',
			of: ({ resources }) => resources?.map(({ type, id }: any) => `${type}:${id}`),
		},
		'client.address': 'context.apiRequest.remoteAddresses.0',
		'audit.client.addresses': 'context.apiRequest.remoteAddresses',
		'user_agent.original': 'context.apiRequest.userAgent',
		'url.full': {
			says: '`context.apiRequest.url` without its query',
			of: ({ context }) => context?.apiRequest?.url?.replace(/\?.*/, ''),
		},
		'http.response.status_code': 'context.apiResponse.statusCode',
		'audit.request.id': 'context.apiRequest.httpRequestId',
		'audit.execution.id': 'context.apiRequest.executionRequestId',
		'error.type': {
			says: 'on failure: `context.apiResponse.statusCode`, else `_OTHER`',
			of: ({ result, context }) => (failed(result) ? `${context?.apiResponse?.statusCode ?? '_OTHER'}` : undefined),
		},
	},
};

export const arcusMapping: Mapping = {
	title: 'Arcus ERP',
	name: 'arcus-erp',
	label: 'arcus',
	id: 'id',
	time: 'created_at',
	action: 'action',
	attributes: {
		'audit.outcome': 'outcome',
		'audit.severity': 'severity',
		'audit.tenant.id': 'entity_id',
		'audit.actor.type': 'actor.type',
		'audit.actor.id': 'actor.id',
		'user.id': { says: '`actor.id` of a `user`', of: ({ actor }) => (actor?.type === 'user' ? actor.id : undefined) },
		'user.full_name': 'actor.name',
		'user.email': 'actor.email',
		'audit.actor.label': 'actor.label',
		'audit.actor.on_behalf_of': 'actor.on_behalf_of_user_id',
		'audit.target.type': 'resource.type',
		'audit.target.id': 'resource.id',
		'audit.target.name': 'resource.label',
		'client.address': 'ip_address',
		'user_agent.original': 'user_agent',
		'session.id': 'session_id',
		'audit.request.id': 'request_id',
		'error.type': {
			says: 'on failure: `error_code`, else `_OTHER`',
			of: ({ outcome, error_code: code }) => (failed(outcome) ? (code ?? '_OTHER') : undefined),
		},
		'audit.message': 'description',
		'audit.chain.prev_hash': '_chain.prev_hash',
		'audit.chain.entry_hash': '_chain.entry_hash',
	},
};

const ACTOR = ['payload.actor.id', 'payload.actor', 'payload.user_id', 'payload.user.id'];

export const auditapiMapping: Mapping = {
	title: 'AuditAPI',
	name: 'auditapi',
	label: 'auditapi',
	id: 'id',
	time: 'timestamp',
	action: ['payload.action', 'payload.event', 'payload.event_type', 'payload.type', 'payload.name'],
	attributes: {
		'audit.outcome': {
			says: 'in `payload`: `outcome`, `result`, `status` or `success`, else `unknown`',
			of: ({ payload }) => payload.outcome ?? payload.result ?? 'unknown',
		},
		'audit.severity': ['payload.severity', 'payload.level', 'payload.log_level'],
		'audit.tenant.id': 'payload.account_id',
		'audit.actor.id': ACTOR,
		'user.id': {
			says: 'the same, unless `payload.actor.type` says that it is no `user`',
			of: (event) => (['user', undefined].includes(event.payload.actor?.type) ? valueOf(ACTOR, event) : undefined),
		},
		'client.address': ['payload.ip', 'payload.ip_address', 'payload.remote_ip'],
	},
};

export const mappings = [arpioMapping, arcusMapping, auditapiMapping];

export function valueOf(from: From, event: any): any {
	if (typeof from === 'string') return valueOf([from], event);
	if ('of' in from) return from.of(event);
	const values = from.map((path) => path.split('.').reduce((value, key) => value?.[key], event));
	return values.find((value) => Array.isArray(value) || (typeof value !== 'object' && value !== undefined));
}
