/** Keys, scopes and the error envelope. */
import { json, type Call, type SimReply } from '../api';

export interface ArcusKey {
	readonly key: string;
	readonly scopes: readonly string[];
	readonly tier: 'test' | 'standard' | 'elevated';
	/** Whose entries `audit:read:own` shows. */
	readonly actorId?: string;
	/** The request never comes from an address the key allows. */
	readonly addressRefused?: boolean;
}

export const arcusEntityId = 'd61363b4-2e52-4e8e-8683-8b3959a66e7a';

export const arcusSandboxKey: ArcusKey = {
	key: 'ark_live_ent_sandbox_notARealKey',
	scopes: ['audit:read', 'webhooks:manage'],
	tier: 'standard',
};

export interface ErrorFields {
	readonly type?: string;
	readonly hint?: string;
	readonly param?: string | null;
	readonly required?: string;
}

/** Flat envelope: `error` is a string, `code` repeats it. */
export function arcusError(status: number, code: string, fields: ErrorFields = {}): SimReply {
	const type = fields.type ?? { 401: 'permission_error', 403: 'permission_error', 404: 'not_found' }[status];
	return json(status, { error: code, code, type, ...fields, request_id: 'req_01HXXXXXXXXXXXXXXXXXXXXXXX' });
}

export const notFound = () => arcusError(404, 'not_found', { param: null });

export const invalid = (param: string, hint: string, status = 400) =>
	arcusError(status, 'validation_error', { type: 'validation_error', hint, param });

export function bearer(call: Call): string | undefined {
	return /^Bearer\s+(\S+)$/i.exec(call.header('authorization') ?? '')?.[1];
}

export function lacking(key: ArcusKey, scope: string): SimReply | undefined {
	if (key.scopes.includes(scope)) return undefined;
	return arcusError(403, 'insufficient_scope', { hint: 'The key lacks a scope.', required: scope });
}
