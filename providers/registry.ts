/** All providers by name. A new one is a folder and a line here. */
import { arcusErp } from './arcus-erp/provider';
import { arpio } from './arpio/provider';
import { auditApi } from './auditapi/provider';
import type { Provider, ProviderName } from './contract';

export const providers: Record<ProviderName, Provider> = {
	arpio,
	'arcus-erp': arcusErp,
	auditapi: auditApi,
};
