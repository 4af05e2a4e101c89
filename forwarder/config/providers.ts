/** Which provider a source has. */
import type { Provider } from '../../providers/contract';
import { providerNamed } from '../../providers/registry';
import { SECRET_NAME } from './schema';

/** By index in `sources`; undefined where none of this name is known. */
export function providersOf(sources: readonly unknown[]): (Provider | undefined)[] {
	return sources.map((source) => providerNamed((source as { provider?: unknown } | null)?.provider));
}

/** Whether a key of a source holds a secret: as its provider declares, and by its name while that is not known. */
export function isSecretKey(provider: Provider | undefined, key: string): boolean {
	return provider ? provider.settings[key]?.secret === true : SECRET_NAME.test(key);
}
