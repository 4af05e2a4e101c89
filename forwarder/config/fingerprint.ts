/** What makes two runs read the same stream. Stored with its state, so that changed settings never reuse it silently. */
import { createHash } from 'node:crypto';
import { identityOf } from '../../core/settings';
import { providerNamed } from '../../providers/registry';
import type { SourceConfig } from './types';

/** SHA-256, hexadecimal. Interval, page size, rate limits, headers and credentials are not part of it. */
export function fingerprint(source: SourceConfig): string {
	return createHash('sha256').update(fingerprinted(source)).digest('hex');
}

/** What the fingerprint is made of, as JSON. */
export function fingerprinted({ provider, baseUrl, settings, dropReads }: SourceConfig): string {
	return JSON.stringify({
		version: 2,
		provider: provider.name,
		baseUrl,
		settings: identityOf(provider, settings),
		endpoint: provider.endpoint(settings),
		filter: { dropReads },
	});
}

/**
 * What is stored with a position, as JSON: what the fingerprint is made of, and the declaration of a provider that is not built in.
 * Without it, what waits to be shipped could not be mapped any more once its source is removed.
 */
export function kept(source: SourceConfig): string {
	const { provider } = source;
	const isOwn = provider.declaration !== undefined && providerNamed(provider.name) !== provider;
	const printed = JSON.parse(fingerprinted(source)) as object;
	return JSON.stringify({ ...printed, ...(isOwn && { declaration: provider.declaration }) });
}
