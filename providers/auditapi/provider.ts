/** AuditAPI, a hosted store for audit events that applications write themselves. */
import { complete } from '../attributes';
import { bearer } from '../bearer';
import type { Provider } from '../contract';
import { pageSizes } from '../pageSizes';
import { EVENTS, auditApiClient } from './client';
import { auditApiRecord } from './record';
import { auditApiSource } from './source';

const HOUR_MS = 3_600_000;

export const auditApi: Provider = {
	name: 'auditapi',
	title: 'AuditAPI',
	label: 'auditapi',
	defaults: {
		baseUrl: 'https://api.auditapi.com/v1',
		latenessMs: 15 * 60_000,
		pageSize: 100,
		maxPageSize: 100,
		// the vendor publishes no limit
		requestsPerMinute: 60,
		// writers may date events back further than any lateness
		reconcile: { everyMs: HOUR_MS, spanMs: 48 * HOUR_MS },
	},
	required: [],
	endpoint: () => EVENTS,
	authorize: bearer,
	source: (call, settings) => auditApiSource(auditApiClient(call), pageSizes(settings)),
	record: (event) => complete(auditApiRecord(event)),
	draft: auditApiRecord,
	// only what applications write is in the log; reading leaves no trace
	isSelfNoise: () => false,
};
