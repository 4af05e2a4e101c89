/**
 * The one door to everything that nodes share. It is built into one file that every node requires, because limiters must be the
 * same objects in all nodes of a process; code bundled into each node would have its own. Node folders take code from here only.
 */
export { complete, object, recordOf, text } from '../../core/record/attributes';
export { arcusClient } from '../../providers/arcus-erp/client';
export { arcusWebhooks } from '../../providers/arcus-erp/webhooks';
export { arcusErp } from '../../providers/arcus-erp/provider';
export { arpioClient } from '../../providers/arpio/client';
export { arpio } from '../../providers/arpio/provider';
export { applicationIdsOf, recoveryStanding, type Standing } from '../../providers/arpio/recovery';
export { auditApiClient } from '../../providers/auditapi/client';
export { auditApi } from '../../providers/auditapi/provider';
export { declaredProvider } from '../../providers/declared/provider';
export { eventName as declaredEventName } from '../../providers/declared/record';
export { filledIn, placesIn } from '../../providers/declared/template';
export { polite } from '../../core/http/politeness';
export { readingJson } from '../../core/http/readJson';
export { allProviders, declared, providerNamed } from '../../providers/registry';
export { withReplaced } from '../../core/record/replaced';
export { severityText } from '../../core/record/severity';
export { readEvent } from '../../core/record/event';
export { isTransient, PositionRejected, RequestError } from '../../core/http/failure';
export { hash128 } from '../../core/record/hash';
export { everyElement } from '../../providers/list';
export { formatInstant, fromMillis, parseInstant, toHrTime as hrTime, utcDay } from '../../core/time';
export { created, createdSpan, type Created } from './created';
export { connect, domainOf, type PacedCredential, type RequestOptions } from './connect';
export { pastedDeclaration } from './declaration';
export { InvalidInput, nodeError } from './errors';
export { instant } from './instants';
export { eventName, listResults } from './listSearch';
export { listEvent, objectOf, readable } from './listEvents';
export { rangeEvents } from './rangeEvents';
export { runOperations } from './operation';
export * from './parameters';
export { runtime } from './runtime';
export { sendOnce, type Requesting } from './send';
export { shaped } from './shape';
export { triggerHealth } from './trigger/healthOperation';
export { pollTrigger, type Watched } from './trigger/poll';
export { triggerProperties, watchSubtitle } from './trigger/properties';
