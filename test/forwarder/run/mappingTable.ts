/**
 * The published mapping (docs/mapping.md) as data: attribute → what the provider's JSON says. Written apart from the
 * mapping code, so that a test can hold the records that really arrived against it.
 */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument */

export interface Mapping {
	label: 'arpio' | 'arcus' | 'auditapi';
	id: (event: any) => string;
	time: (event: any) => string;
	eventName: (event: any) => string;
	/** Undefined and null: the attribute is absent. */
	attributes: Record<string, (event: any) => unknown>;
}

const text = (value: any): string | undefined => (value === null || value === undefined ? undefined : `${value}`);
const bare = (url: string | undefined) => url?.replace(/\?.*/, '');
const failed = (outcome: unknown) => outcome === 'failure' || outcome === 'denied';
const target = (event: any) => event.resources?.find(({ type }: any) => type !== 'account') ?? event.resources?.[0];

export const arpioMapping: Mapping = {
	label: 'arpio',
	id: (event) => event.eventId,
	time: (event) => event.timestamp,
	eventName: (event) => `arpio.${event.type.toLowerCase()}`,
	attributes: {
		'audit.source': () => 'arpio',
		'audit.action': (event) => event.type,
		'audit.access': (event) => event.access,
		'audit.outcome': (event) => event.result ?? 'unknown',
		'audit.channel': (event) => event.source,
		'audit.tenant.id': (event) => event.accountId,
		'audit.actor.type': (event) => (event.principal === null ? 'system' : event.principal?.type),
		'user.id': (event) => event.principal?.identity?.subjectId,
		'audit.actor.id': (event) => event.principal?.identity?.subjectId,
		'audit.actor.authority': (event) => event.principal?.identity?.authority,
		'audit.target.type': (event) => target(event)?.type,
		'audit.target.id': (event) => target(event)?.id,
		'audit.targets': (event) => event.resources?.map(({ type, id }: any) => `${type}:${id}`),
		'client.address': (event) => event.context?.apiRequest?.remoteAddresses?.[0],
		'audit.client.addresses': (event) => event.context?.apiRequest?.remoteAddresses,
		'user_agent.original': (event) => event.context?.apiRequest?.userAgent,
		'url.full': (event) => bare(event.context?.apiRequest?.url),
		'http.response.status_code': (event) => event.context?.apiResponse?.statusCode,
		'audit.request.id': (event) => event.context?.apiRequest?.httpRequestId,
		'audit.execution.id': (event) => event.context?.apiRequest?.executionRequestId,
		'error.type': (event) =>
			failed(event.result) ? (text(event.context?.apiResponse?.statusCode) ?? '_OTHER') : undefined,
	},
};

export const arcusMapping: Mapping = {
	label: 'arcus',
	id: (event) => event.id,
	time: (event) => event.created_at,
	eventName: (event) => `arcus.${event.action}`,
	attributes: {
		'audit.source': () => 'arcus',
		'audit.action': (event) => event.action,
		'audit.outcome': (event) => event.outcome,
		'audit.severity': (event) => event.severity,
		'audit.tenant.id': (event) => event.entity_id,
		'audit.actor.type': (event) => event.actor?.type,
		'user.id': (event) => (event.actor?.type === 'user' ? event.actor.id : undefined),
		'audit.actor.id': (event) => event.actor?.id,
		'user.full_name': (event) => event.actor?.name,
		'user.email': (event) => event.actor?.email,
		'audit.actor.label': (event) => event.actor?.label,
		'audit.actor.on_behalf_of': (event) => event.actor?.on_behalf_of_user_id,
		'audit.target.type': (event) => event.resource?.type,
		'audit.target.id': (event) => event.resource?.id,
		'audit.target.name': (event) => event.resource?.label,
		'client.address': (event) => event.ip_address,
		'user_agent.original': (event) => event.user_agent,
		'session.id': (event) => event.session_id,
		'audit.request.id': (event) => event.request_id,
		'error.type': (event) => (failed(event.outcome) ? (event.error_code ?? '_OTHER') : undefined),
		'audit.message': (event) => event.description,
		'audit.chain.prev_hash': (event) => event._chain?.prev_hash,
		'audit.chain.entry_hash': (event) => event._chain?.entry_hash,
	},
};

const action = ({ payload: p }: any) => p.action ?? p.event ?? p.event_type ?? p.type ?? p.name;
const actor = ({ payload: p }: any) => p.actor?.id ?? p.user_id;

export const auditapiMapping: Mapping = {
	label: 'auditapi',
	id: (event) => event.id,
	time: (event) => event.timestamp,
	eventName: (event) => `auditapi.${action(event) ?? 'event'}`,
	attributes: {
		'audit.source': () => 'auditapi',
		'audit.action': action,
		'audit.outcome': ({ payload }) => payload.outcome ?? 'unknown',
		'audit.severity': ({ payload }) => payload.severity,
		'audit.tenant.id': ({ payload }) => text(payload.account_id),
		'user.id': (event) => text(actor(event)),
		'audit.actor.id': (event) => text(actor(event)),
		'client.address': ({ payload }) => payload.ip,
	},
};
