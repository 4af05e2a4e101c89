/** The demo's configuration, and what goes wrong in it on purpose. */
import type { Sandbox } from '../../sandbox/scenario';

/** A configuration like a user's; only the addresses differ. */
export function demoConfig({ arpio, arcus, auditapi, receiver }: Sandbox): string {
	const source = (name: string, provider: string, url: string, more: string) =>
		`  - { name: ${name}, provider: ${provider}, baseUrl: "${url}", apiKey: "\${env:DEMO_${name.toUpperCase()}_KEY}", ` +
		`start: 3650d, pollInterval: 1s, rateLimit: { requestsPerMinute: 240 }${more} }`;
	return `state: { path: ./audit-relay.db }
server: { enabled: false }
destinations:
  - { name: receiver, endpoint: "${receiver!.url}" }
sources:
${source('arpio', 'arpio', arpio.url, `, accountId: ${arpio.accountId}, filter: { dropReads: false }`)}
${source('arcus', 'arcus-erp', arcus.url, ', pageSize: 10')}
${source('auditapi', 'auditapi', auditapi.url, '')}
`;
}

export function demoEnv({ arpio, arcus, auditapi }: Sandbox): Record<string, string> {
	return {
		DEMO_ARPIO_KEY: arpio.apiKey,
		DEMO_ARCUS_KEY: arcus.apiKey,
		DEMO_AUDITAPI_KEY: auditapi.apiKey,
	};
}

/** Few enough to follow, and of the kind that loses events elsewhere. */
export function troubles({ arpio, arcus, receiver }: Sandbox, tell: (what: string) => void): void {
	arcus.server.setFaults((number) => {
		if (number !== 2) return undefined;
		tell('arcus answers 429, Retry-After: 2; its requests pause');
		return { kind: 'throttled', retryAfter: { seconds: 2 } };
	});
	arpio.server.setFaults((number) => {
		if (number !== 3) return undefined;
		tell("arpio's answer breaks off in the middle; the page is asked for again");
		return { kind: 'truncated', framing: 'content-length' };
	});
	receiver!.setAnswers((number) => {
		if (number < 6 || number > 7) return undefined;
		tell('the receiver answers 503; the batch waits in the outbox');
		return { kind: 'status', status: 503 };
	});
}
