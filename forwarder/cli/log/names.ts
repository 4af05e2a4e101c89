/** What fields are called in JSON lines and at a receiver: the names of a standard where it has one, else ours below `audit_relay.`. */
import { fieldsOf, type Entry } from './entry';

export const FORMATS = ['otel', 'ecs'] as const;
export type Format = (typeof FORMATS)[number];

/** OpenTelemetry's semantic conventions, and the Elastic Common Schema. */
const STANDARD: Record<Format, Readonly<Record<string, string>>> = {
	otel: {
		address: 'url.full',
		by: 'user.name',
		client: 'client.address',
		'err.message': 'exception.message',
		'err.stack': 'exception.stacktrace',
		'err.type': 'exception.type',
		error: 'exception.message',
		errorType: 'error.type',
		path: 'url.path',
		status: 'http.response.status_code',
		version: 'service.version',
		'state.worker': 'service.instance.id',
	},
	ecs: {
		address: 'url.full',
		by: 'user.name',
		client: 'client.ip',
		'err.message': 'error.message',
		'err.stack': 'error.stack_trace',
		'err.type': 'error.type',
		error: 'error.message',
		errorType: 'error.type',
		path: 'url.path',
		status: 'http.response.status_code',
		version: 'service.version',
		'state.worker': 'service.node.name',
	},
};

const ECS_VERSION = '8.17.0';

export function attributesOf(entry: Entry, format: Format): Record<string, unknown> {
	const named: Record<string, unknown> = {};
	for (const [key, value] of flat(fieldsOf(entry))) named[STANDARD[format][key] ?? `audit_relay.${snake(key)}`] = value;
	return named;
}

/** What is inside of an object stands beside it: `state.database`. */
function flat(fields: object, before = ''): [name: string, value: unknown][] {
	return Object.entries(fields).flatMap(([key, value]) =>
		typeof value === 'object' && value !== null && !Array.isArray(value)
			? flat(value as object, `${before}${key}.`)
			: [[before + key, value]],
	);
}

/** One line of JSON. */
export function jsonLine(entry: Entry, format: Format): string {
	const { level, time, msg } = entry;
	const head =
		format === 'ecs'
			? {
					'@timestamp': time,
					'log.level': level,
					message: msg,
					'ecs.version': ECS_VERSION,
					'service.name': 'audit-relay',
				}
			: { level, time, msg };
	return `${JSON.stringify({ ...head, ...attributesOf(entry, format) })}\n`;
}

function snake(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
