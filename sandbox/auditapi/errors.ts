/** AuditAPI documents no error body; a client has to understand all of these. */
import { json, type SimReply } from '../api';
import type { AuditApiSwitches, ErrorShape } from './switches';

const byStatus: Record<number, ErrorShape> = {
	400: 'message',
	401: 'error-string',
	402: 'error-object',
	404: 'message',
	413: 'errors-array',
	422: 'errors-object',
	429: 'error-string',
};

export function auditApiError(
	status: number,
	message: string,
	switches: AuditApiSwitches,
	field = 'base',
	headers: Record<string, string> = {},
): SimReply {
	const shape = switches.errors === 'by-status' ? (byStatus[status] ?? 'message') : switches.errors;
	return json(status, body(shape, message, field), headers);
}

function body(shape: ErrorShape, message: string, field: string): unknown {
	switch (shape) {
		case 'error-string':
			return { error: message };
		case 'error-object':
			return { error: { message, type: message.toLowerCase().replaceAll(' ', '_') } };
		case 'message':
			return { message };
		case 'errors-array':
			return { errors: [message] };
		case 'errors-object':
			return { errors: { [field]: [message] } };
	}
}
