/** Credentials for the sandbox, as n8n imports them. Their ids are their type names. */
import type { Sandbox } from '../../../../sandbox/scenario';

export interface Credential {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly data: Record<string, unknown>;
}

export function credentialsFor({ arpio, arcus, auditapi, receiver }: Sandbox): Credential[] {
	return [
		credential('arpioApi', 'Arpio Sandbox', { apiKey: arpio.apiKey, accountId: arpio.accountId, baseUrl: arpio.url }),
		credential('arcusErpApi', 'Arcus ERP Sandbox', { apiKey: arcus.apiKey, baseUrl: arcus.url }),
		credential('auditApi', 'AuditAPI Sandbox', { apiKey: auditapi.apiKey, baseUrl: auditapi.url }),
		...(receiver ? [credential('otlpApi', 'OTLP Sandbox', { preset: 'collector', endpoint: receiver.url })] : []),
	];
}

/** As quick as a simulated provider allows. */
export function credential(type: string, name: string, data: Record<string, unknown>, id = type): Credential {
	return { id, name, type, data: { requestsPerMinute: 6000, ...data } };
}
