/** Arpio audit events for tests and live traffic. */
import { formatMicros, type Micros } from '../time';

export interface ArpioEventFields {
	readonly id: string;
	readonly micros: Micros;
	readonly accountId?: string;
	readonly type?: string;
	readonly access?: 'read' | 'write';
	readonly result?: string;
	readonly appId?: string;
	readonly url?: string;
	readonly statusCode?: number;
}

export const arpioAccountId = 'q7RkT2mZpX0vLd9sYbNc4H';

/** A complete event in the documented field order, ready for `EventLog.add`. */
export function arpioEvent(fields: ArpioEventFields): { id: string; micros: Micros; raw: string } {
	const { id, micros, accountId = arpioAccountId, appId = 'Zt5wQe8rUy1iOp3aSd6fGh' } = fields;
	const status = fields.statusCode ?? 200;
	const raw = JSON.stringify({
		accountId,
		source: 'api',
		type: fields.type ?? 'getApplicationResourceStatusChanges',
		access: fields.access ?? 'read',
		principal: {
			type: 'accountSubject',
			identity: {
				type: 'native',
				authority: 'native',
				subjectId: 'U3vB6nM9qW2eR5tY8uI1oP',
				certs: null,
				expires: null,
			},
			context: null,
		},
		result: fields.result ?? 'success',
		resources: [
			{ type: 'application', id: appId },
			{ type: 'account', id: accountId },
		],
		requestInfo: { query: {}, path: { accountId, appId } },
		responseInfo: null,
		context: {
			apiRequest: {
				url: fields.url ?? `https://api.arpio.io/api/accounts/${accountId}/applications/${appId}`,
				remoteAddresses: ['203.0.113.18'],
				userAgent: 'Mozilla/5.0',
				httpRequestId: `http-${id}`,
				executionRequestId: `exec-${id}`,
			},
			apiResponse: { statusCode: status, status: status === 200 ? '200 OK' : `${status}` },
		},
		timestamp: formatMicros(micros),
		eventId: id,
	});
	return { id, micros, raw };
}
