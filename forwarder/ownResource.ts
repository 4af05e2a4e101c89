import { hostname } from 'node:os';

/** Which process tells of itself. What `OTEL_RESOURCE_ATTRIBUTES` says stands beside it, but for its name. */
export function ownResource(version: string, more: Readonly<Record<string, string>>): Record<string, string> {
	const instance = more['service.instance.id'] ?? `${hostname()}-${process.pid}`;
	return { ...more, 'service.name': 'audit-relay', 'service.version': version, 'service.instance.id': instance };
}
