/** A folder with a configuration for the sandbox, as a user would have it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/scenario';

export interface Scene {
	sandbox: Sandbox;
	folder: string;
	/** What the command needs: `start(args, scene.options)`. */
	options: { cwd: string; env: Record<string, string> };
	/** The same, with a log of each poll. */
	readonly detailed: Scene['options'];
	/** Writes the configuration; `edit` changes its text. */
	configure(edit?: (yaml: string) => string): void;
	end(): Promise<void>;
}

export async function scene(options: SandboxOptions = {}): Promise<Scene> {
	const sandbox = await startSandbox({ receiver: true, ...options });
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-'));
	const configure: Scene['configure'] = (edit = (yaml) => yaml) =>
		writeFileSync(join(folder, 'audit-relay.yaml'), edit(configOf(sandbox)));
	configure();
	const given = {
		cwd: folder,
		env: {
			ARPIO_API_KEY: sandbox.arpio.apiKey,
			ARCUS_API_KEY: sandbox.arcus.apiKey,
			AUDITAPI_KEY: sandbox.auditapi.apiKey,
		},
	};
	return {
		sandbox,
		folder,
		configure,
		options: given,
		get detailed() {
			return { ...given, env: { ...given.env, AUDIT_RELAY_LOG_LEVEL: 'debug' } };
		},
		end: async () => {
			await sandbox.stop();
			rmSync(folder, { recursive: true });
		},
	};
}

function configOf({ arpio, arcus, auditapi, receiver }: Sandbox): string {
	return `state:
  path: ./audit-relay.db
server:
  enabled: false
destinations:
  - name: siem
    endpoint: ${receiver!.url}
sources:
  - name: dr
    provider: arpio
    baseUrl: ${arpio.url}
    accountId: ${arpio.accountId}
    apiKey: "\${env:ARPIO_API_KEY}"
    start: 2015-01-01T00:00:00Z
    pollInterval: 1s
    rateLimit: { requestsPerMinute: 6000 }
    filter: { dropReads: false }
  - name: erp
    provider: arcus-erp
    baseUrl: ${arcus.url}
    apiKey: "\${env:ARCUS_API_KEY}"
    start: 2015-01-01T00:00:00Z
    pollInterval: 1s
    rateLimit: { requestsPerMinute: 6000 }
  - name: app
    provider: auditapi
    baseUrl: ${auditapi.url}
    apiKey: "\${env:AUDITAPI_KEY}"
    start: 2015-01-01T00:00:00Z
    pollInterval: 1s
    rateLimit: { requestsPerMinute: 6000 }
`;
}
