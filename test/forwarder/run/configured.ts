/** A source and a destination as they are configured, with secrets that nobody may see. */
import { fromMillis } from '../../../core/time';
import { fixedSecret } from '../../../forwarder/config/secrets';
import type { DestinationConfig, SourceConfig } from '../../../forwarder/config/types';
import { providerNamed } from '../../../providers/registry';
import { MINUTE, NOW } from '../server/support';

const secret = (place: string) => fixedSecret('canary', place);

export const source: SourceConfig = {
	name: 'dr',
	provider: providerNamed('arpio')!,
	baseUrl: 'https://api.arpio.io',
	settings: { accountId: 'a1' },
	secrets: { apiKey: secret('environment variable ARPIO_API_KEY') },
	sizes: { pageSize: 100 },
	start: fromMillis(NOW),
	startAgeMs: 0,
	pollIntervalMs: MINUTE,
	latenessMs: 10 * MINUTE,
	pastLatenessMs: 0,
	rateLimit: { requestsPerMinute: 60, maxConcurrent: 2, retries: 4, reserve: 0 },
	dropReads: false,
	redact: ['user.email'],
	destinations: ['siem'],
};
export const siem: DestinationConfig = {
	name: 'siem',
	endpoint: 'https://user:canary@siem.example/v1/logs',
	headers: { authorization: secret('file /run/secrets/siem') },
	compression: 'gzip',
	timeoutMs: 10_000,
	lenientResponse: false,
	inFlight: 4,
	renameAttributes: {},
	limits: {},
};
