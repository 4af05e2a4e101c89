/** One configuration for all workers. */
import type { Key, Stream } from './sources';

export interface ConfigOptions {
	keys: readonly Key[];
	receiver: string;
	ttlMs: number;
	pollMs: number;
	pageSize: number;
	/** Of a request to the receiver. */
	timeoutMs: number;
	lateness: string;
}

export const envOf = ({ name }: Key): string => `KEY_${name.toUpperCase().replaceAll('-', '_')}`;

const PROVIDERS = { arpio: 'arpio', arcus: 'arcus-erp', auditapi: 'auditapi' } as const;

// the second look at the past is off: it would repair what the walk loses
export function configOf({ keys, receiver, ttlMs, pollMs, pageSize, timeoutMs, lateness }: ConfigOptions): string {
	const source = (key: Key, { name, label, settings }: Stream) => `  - name: ${name}
    provider: ${PROVIDERS[label]}
    baseUrl: ${key.baseUrl}
    apiKey: "\${env:${envOf(key)}}"
    ${settings || 'reconcile: { enabled: false }'}
    start: 2015-01-01T00:00:00Z
    pollInterval: ${pollMs}ms
    pageSize: ${pageSize}
    lateness: ${lateness}
    rateLimit: { requestsPerMinute: ${key.requestsPerMinute}, retries: 2 }
`;
	return `state:
  url: "\${env:STATE_URL}"
  lease: { ttl: ${ttlMs}ms }
server: { enabled: false }
destinations:
  - name: siem
    endpoint: ${receiver}
    timeout: ${timeoutMs}ms
    headers:
      x-chaos-life: "\${env:CHAOS_LIFE}"
sources:
${keys.flatMap((key) => key.streams.map((stream) => source(key, stream))).join('')}`;
}
