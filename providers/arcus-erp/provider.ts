/** Arcus ERP: what arcus-erp.provider.yaml cannot say. */
import { object, text } from '../../core/record/attributes';
import type { JsonObject } from '../../core/contract';
import { pageSizes } from '../../core/pageSizes';
import { hasAny, words } from '../../core/record/words';
import { withCode } from '../declared/withCode';
import { alerting } from './alerting';
import { arcusClient } from './client';
import declaration from './declaration.json';
import { arcusIntegrity } from './integrity';
import { prefixOf } from './paths';
import { arcusSource } from './source';

export const arcusErp = withCode(declaration, {
	source: (event, call, settings, sizes) => arcusSource(arcusClient(call, settings), pageSizes(sizes), event),
	endpoint: ({ entityId }) => prefixOf(entityId) + declaration.request.path,
	integrity: (call, { entityId }) => arcusIntegrity(arcusClient(call, { entityId })),
	noise,
	meaning: alerting,
	attributes: ({ actor }, { 'audit.actor.id': id }) => ({ 'user.id': object(actor).type === 'user' ? id : undefined }),
});

/** Reads are probably not logged, but `verify` is a POST and may be. Only what an API key did. */
function noise(event: JsonObject): boolean {
	const is = new Set(words(text(event.action) ?? ''));
	const aboutLog = is.has('audit') && is.has('log');
	const reads = hasAny(is, 'verify', 'verified', 'read', 'list', 'listed', 'viewed');
	return object(event.actor).type === 'api_key' && aboutLog && reads;
}
