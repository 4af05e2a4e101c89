/** Arcus ERP, a multi-tenant ERP whose audit log is a hash chain per entity. Facts: docs/providers/arcus-erp.md. */
import { object, text } from '../../core/record/attributes';
import { apiKeySetting, bearer } from '../../core/http/bearer';
import type { JsonObject } from '../../core/contract';
import type { Provider } from '../../core/provider';
import { readEvent } from '../../core/record/event';
import { idOf } from '../../core/record/ids';
import { pageSizes } from '../../core/pageSizes';
import { hasAny, words } from '../../core/record/words';
import { arcusClient } from './client';
import { ENTRIES } from './entries';
import { arcusIntegrity } from './integrity';
import { prefixOf } from './paths';
import { arcusRecord } from './record';
import { arcusSource, TIME } from './source';

export const arcusErp: Provider = {
	name: 'arcus-erp',
	title: 'Arcus ERP',
	label: 'arcus',
	defaults: {
		baseUrl: 'https://api.arcuserp.com/v1',
		latenessMs: 5 * 60_000,
		pageSize: 200,
		maxPageSize: 200,
		// standard live keys have 300; the rest is left to people and other integrations
		requestsPerMinute: 240,
		// what the smallest tier allows in a second
		burst: 10,
	},
	settings: {
		entityId: {
			title: 'Entity ID',
			description: 'Read below /entities/{entityId} instead of the flat paths; only for keys that see several entities',
			identity: true,
			tenant: true,
		},
		apiKey: apiKeySetting('A key with the scope audit:read', 'ARCUS_API_KEY'),
	},
	endpoint: ({ entityId }) => prefixOf(entityId) + ENTRIES,
	authorize: bearer,
	source: (call, settings, sizes) => arcusSource(arcusClient(call, settings), pageSizes(sizes)),
	integrity: (call, { entityId }) => arcusIntegrity(arcusClient(call, { entityId })),
	event: (element) => readEvent(element, idOf(element, 'id'), TIME),
	draft: arcusRecord,
	isSelfNoise,
};

/** Reads are probably not logged, but `verify` is a POST and may be. Only what an API key did. */
function isSelfNoise(event: JsonObject): boolean {
	const is = new Set(words(text(event.action) ?? ''));
	const aboutLog = is.has('audit') && is.has('log');
	const reads = hasAny(is, 'verify', 'verified', 'read', 'list', 'listed', 'viewed');
	return object(event.actor).type === 'api_key' && aboutLog && reads;
}
