/** AuditAPI: what auditapi.provider.yaml cannot say. */
import { pageSizes } from '../../core/pageSizes';
import { ERROR } from '../../core/record/severity';
import { withCode } from '../declared/withCode';
import { auditApiClient } from './client';
import declaration from './declaration.json';
import { derived, factsOf } from './derive';
import { auditApiSource } from './source';

export const auditApi = withCode(declaration, {
	source: (event, call, _settings, sizes) => auditApiSource(auditApiClient(call), pageSizes(sizes), event),
	facts: factsOf,
	meaning: (found, { severity }) => (severity >= ERROR ? { ...found, alert: 'page' } : found),
	attributes: derived,
});
