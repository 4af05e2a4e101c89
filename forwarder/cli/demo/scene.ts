/** The demo's configuration, and what goes wrong in it on purpose. */
import { entries, sandboxNames } from '../../../sandbox/entries';
import type { Sandbox } from '../../../sandbox/scenario';

/** A configuration like a user's; only the addresses differ. @param isServed with a console, at any free port */
export function demoConfig(sandbox: Sandbox, isServed: boolean): string {
	const sources = sandboxNames.map((name) => {
		const { provider, settings } = entries[name];
		const more = Object.entries(settings).map(([key, value]) => `, ${key}: ${value}`);
		return (
			`  - { name: ${name}, provider: ${provider}${more.join('')}, baseUrl: "${sandbox[name].url}", ` +
			`apiKey: "\${env:${keyOf(name)}}", start: 3650d, pollInterval: 1s, pageSize: 10, rateLimit: { requestsPerMinute: 240 } }`
		);
	});
	return `state: { path: ./audit-relay.db }
server: { ${isServed ? 'listen: "127.0.0.1:0"' : 'enabled: false'} }
destinations:
  - { name: receiver, endpoint: "${sandbox.receiver!.url}" }
sources:
${sources.join('\n')}
`;
}

export function demoEnv(sandbox: Sandbox): Record<string, string> {
	return Object.fromEntries(sandboxNames.map((name) => [keyOf(name), sandbox[name].apiKey]));
}

const keyOf = (name: string) => `DEMO_${name.toUpperCase()}_KEY`;

/** Few enough to follow, and of the kind that loses events elsewhere. */
export function troubles(sandbox: Sandbox, tell: (what: string) => void): void {
	const [first, second] = sandboxNames;
	sandbox[second!].server.setFaults((number) => {
		if (number !== 2) return undefined;
		tell(`${second} answers 429, Retry-After: 2; its requests pause`);
		return { kind: 'throttled', retryAfter: { seconds: 2 } };
	});
	sandbox[first!].server.setFaults((number) => {
		if (number !== 3) return undefined;
		tell(`an answer of ${first} breaks off in the middle; the page is asked for again`);
		return { kind: 'truncated', framing: 'content-length' };
	});
	sandbox.receiver!.setAnswers((number) => {
		if (number < 6 || number > 7) return undefined;
		tell('the receiver answers 503; the batch waits in the outbox');
		return { kind: 'status', status: 503 };
	});
}
