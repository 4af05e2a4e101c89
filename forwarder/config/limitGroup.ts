import type { SourceConfig } from './types';

/**
 * What shares a rate limit of the provider, by names: where the key comes from, never the key itself, which changes when it
 * is replaced and must not be stored.
 */
export function limitGroup({ provider, baseUrl, secrets }: SourceConfig): string {
	return [provider.name, baseUrl, ...Object.values(secrets).map((secret) => secret.describe())].join(' ');
}
