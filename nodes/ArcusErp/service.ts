/** What the Arcus ERP nodes talk to. */
import type { Settings } from '../../core/provider';
import type { ArcusClient } from '../../providers/arcus-erp/client';
import { arcusClient, arcusErp } from '../shared/core';
import type { Operation } from '../shared/operation';
import type { Step } from '../shared/step';

export type ArcusOperation = Operation<ArcusClient>;
export type ArcusStep = Step<ArcusClient>;

export const CREDENTIAL = 'arcusErpApi';

export const arcusService = {
	provider: arcusErp,
	credentialType: CREDENTIAL,
	client: (call: Parameters<typeof arcusClient>[0], settings: Settings) => arcusClient(call, settings),
};
