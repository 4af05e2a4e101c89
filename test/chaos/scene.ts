/** The folder of a trial: configuration, keys, state on its small disk, logs, and a copy of the command. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arpioAccountId } from '../../sandbox/arpio/events';
import type { Canaries } from './canaries';
import { copyCommand } from '../trial/command';
import { smallDisk, type Disk } from './disk';
import type { Providers } from './providers';
import { REQUEST_TIMEOUT_MS } from '../trial/receiver';

export interface Scene {
	readonly folder: string;
	readonly script: string;
	readonly state: string;
	readonly disk: Disk;
	readonly env: Readonly<Record<string, string>>;
	/** Read by the preloaded clock. */
	readonly clockFile: string;
	end(keep: boolean): void;
}

/** Where a key stands by right. */
export const SECRET_FILE = 'header.secret';

export function createScene(planted: Canaries, { servers, keys }: Providers, receiverUrl: string, dist: string): Scene {
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-chaos-'));
	mkdirSync(join(folder, 'logs'));
	const disk = smallDisk(folder);
	writeFileSync(join(folder, SECRET_FILE), planted.file, { mode: 0o600 });
	writeFileSync(join(folder, 'audit-relay.yaml'), configOf(servers, receiverUrl));
	return {
		folder,
		script: copyCommand(folder, dist),
		state: join(disk.folder, 'audit-relay.db'),
		disk,
		clockFile: join(folder, 'clock'),
		env: {
			ARPIO_API_KEY: keys.arpio,
			ARCUS_API_KEY: keys.arcus,
			AUDITAPI_KEY: keys.auditapi,
			RECEIVER_KEY: planted.header,
		},
		end(keep) {
			if (keep) return;
			disk.end();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

// the reconcile sweep is off: it would repair what the walk loses
const configOf = (servers: Providers['servers'], receiverUrl: string) => `state:
  path: ./state/audit-relay.db
server:
  enabled: false
destinations:
  - name: siem
    endpoint: ${receiverUrl}
    timeout: ${REQUEST_TIMEOUT_MS}ms
    headers:
      x-chaos-life: "\${env:CHAOS_LIFE}"
      authorization: "\${env:RECEIVER_KEY}"
      x-api-key: "\${file:./${SECRET_FILE}}"
sources:
  - name: arpio
    provider: arpio
    baseUrl: ${servers.arpio.url}
    accountId: ${arpioAccountId}
    apiKey: "\${env:ARPIO_API_KEY}"
    pageSize: 20
${common}
  - name: arcus
    provider: arcus-erp
    baseUrl: ${servers.arcus.url}/v1
    apiKey: "\${env:ARCUS_API_KEY}"
    pageSize: 15
${common}
  - name: auditapi
    provider: auditapi
    baseUrl: ${servers.auditapi.url}/v1
    apiKey: "\${env:AUDITAPI_KEY}"
    pageSize: 25
    reconcile: { enabled: false }
${common}
`;

const common = `    start: 2015-01-01T00:00:00Z
    pollInterval: 250ms
    lateness: 12s
    rateLimit: { requestsPerMinute: 6000, retries: 2 }`;
