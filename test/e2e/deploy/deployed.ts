/** Configurations of deploy/ as they are, but for what only a user knows: accounts, addresses, ports. */
import { readFileSync } from 'node:fs';
import { parse, parseAllDocuments, stringify } from 'yaml';
import type { Sandbox } from '../../../sandbox/scenario';
import { decodeRequest } from '../../support/otlp';

export interface RelayConfig {
	state: { path: string };
	server: { listen: string };
	destinations: { name: string; endpoint: string; allowInsecure?: boolean }[];
	sources: {
		name: string;
		provider: 'arpio' | 'arcus-erp' | 'auditapi';
		baseUrl?: string;
		accountId?: string;
		apiKey: string;
	}[];
}

export interface Manifest {
	kind: string;
	data?: Record<string, string>;
}

export const manifests = (): Manifest[] =>
	parseAllDocuments(readFileSync('deploy/kubernetes/audit-relay.yaml', 'utf8')).map((one) => one.toJS() as Manifest);

export const configs: Record<'systemd' | 'container' | 'kubernetes', () => string> = {
	systemd: () => readFileSync('deploy/systemd/audit-relay.yaml', 'utf8'),
	container: () => readFileSync('deploy/container/audit-relay.yaml', 'utf8'),
	kubernetes: () => manifests().find(({ kind }) => kind === 'ConfigMap')!.data!['audit-relay.yaml']!,
};

/** The configuration, pointed at the sandbox and listening at a port that is free. */
export function pointedAt({ arpio, arcus, auditapi, receiver }: Sandbox, text: string, port: number): string {
	const config = parse(text) as RelayConfig;
	const urls = { arpio: arpio.url, 'arcus-erp': arcus.url, auditapi: auditapi.url };
	config.server.listen = config.server.listen.replace(/\d+$/, String(port));
	for (const destination of config.destinations) destination.endpoint = receiver!.url;
	for (const source of config.sources) {
		source.baseUrl = urls[source.provider];
		if (source.provider === 'arpio') source.accountId = arpio.accountId;
	}
	return stringify(config);
}

/** Contents of the key files, by their names. */
export const keysOf = ({ arpio, arcus, auditapi }: Sandbox): Record<string, string> => ({
	arpio: arpio.apiKey,
	arcus: arcus.apiKey,
	auditapi: auditapi.apiKey,
});

/** Ids of all events that a start of seven days ago takes in, but for those that reading itself causes. */
export function recentEvents({ arpio, arcus, auditapi }: Sandbox): string[] {
	const since = (Date.now() - 6.9 * 86_400_000) * 1000;
	return Object.entries({ arpio, arcus, auditapi }).flatMap(([label, { api }]) =>
		api.log
			.all()
			.filter(({ micros, raw }) => micros > since && !raw.includes('"getAuditEvents"'))
			.map(({ id }) => `${label}:${id}`),
	);
}

/** Ids of all events that the receiver got, as often as it got them. */
export const receivedEvents = ({ receiver }: Sandbox): string[] =>
	receiver!.requests
		.flatMap(({ body }) => decodeRequest(body))
		.map(({ attributes }) => String(attributes['log.record.uid'] as string))
		.filter((uid) => !uid.startsWith('audit-relay:'));
