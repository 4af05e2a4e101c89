/** AuditAPI, a hosted store for audit events that applications write themselves. Facts: docs/providers/auditapi.md. */
import { apiKeySetting, bearer } from '../../core/http/bearer';
import type { Provider } from '../../core/provider';
import { readEvent } from '../../core/record/event';
import { idOf } from '../../core/record/ids';
import { pageSizes } from '../../core/pageSizes';
import { EVENTS, TIME, auditApiClient } from './client';
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
	settings: { apiKey: apiKeySetting('A key that may read events', 'AUDITAPI_KEY') },
	endpoint: () => EVENTS,
	authorize: bearer,
	source: (call, _settings, sizes) => auditApiSource(auditApiClient(call), pageSizes(sizes)),
	event: (element) => readEvent(element, idOf(element, 'id'), TIME),
	draft: auditApiRecord,
	// only what applications write is in the log; reading leaves no trace
	isSelfNoise: () => false,
};
