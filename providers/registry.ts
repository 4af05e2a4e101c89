/** The providers that are built in, by name. A new one is a folder and a line here. */
import { arcusErp } from './arcus-erp/provider';
import { arpio } from './arpio/provider';
import { auditApi } from './auditapi/provider';
import type { Provider } from './contract';

export const providers = {
	arpio,
	'arcus-erp': arcusErp,
	auditapi: auditApi,
} as const satisfies Record<string, Provider>;

export type ProviderName = keyof typeof providers;

const byName: ReadonlyMap<string, Provider> = new Map(Object.entries(providers));

export const providerNames: readonly string[] = [...byName.keys()];

export const providerNamed = (name: unknown): Provider | undefined =>
	typeof name === 'string' ? byName.get(name) : undefined;
