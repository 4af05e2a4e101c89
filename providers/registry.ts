/** The providers that are built in, by name. A new one is a declaration in a folder of its own; one with code also a line here. */
import { arcusErp } from './arcus-erp/provider';
import { arpio } from './arpio/provider';
import { auditApi } from './auditapi/provider';
import type { Provider } from '../core/provider';
import type { ProviderWithCode } from './declared/withCode';
import type { Declaration } from './declared/form/declaration';
import type { Part } from './declared/form/part';
import { declaredProvider } from './declared/provider';
import declarations from './declarations.json';

/** Those that need code besides. */
export const providers = {
	arpio,
	'arcus-erp': arcusErp,
	auditapi: auditApi,
} as const satisfies Record<string, ProviderWithCode>;

export type ProviderName = keyof typeof providers;

/** Those that are data alone, as their files say. */
export const declared = declarations as unknown as readonly Declaration[];

/** Made when they are asked for. */
const made = new Map<string, Provider>(Object.entries(providers));

export const providerNames: readonly string[] = [...made.keys(), ...declared.map(({ name }) => name)];

export function providerNamed(name: unknown): Provider | undefined {
	if (typeof name !== 'string') return undefined;
	const declaration = made.has(name) ? undefined : declared.find((one) => one.name === name);
	if (declaration) made.set(name, declaredProvider(declaration));
	return made.get(name);
}

/** What of a provider is data, whether that is all or not. */
export const declarationOf = (name: string): Declaration | Part | undefined =>
	declared.find((one) => one.name === name) ?? Object.values(providers).find((one) => one.name === name)?.part;

export const allProviders = (): Provider[] => providerNames.flatMap((name) => providerNamed(name) ?? []);
