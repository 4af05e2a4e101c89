/** What the AuditAPI nodes talk to. */
import type { AuditApiClient } from '../../providers/auditapi/client';
import { auditApi, auditApiClient } from '../shared/core';
import type { Operation } from '../shared/operation';
import type { Step } from '../shared/step';

export type AuditApiOperation = Operation<AuditApiClient>;
export type AuditApiStep = Step<AuditApiClient>;

export const CREDENTIAL = 'auditApi';

export const auditApiService = {
	provider: auditApi,
	credentialType: CREDENTIAL,
	client: (call: Parameters<typeof auditApiClient>[0]) => auditApiClient(call),
};
