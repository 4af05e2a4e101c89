/** Whether two processes read and ship alike: what they are told of sources and destinations, as one short text. */
import { createHash } from 'node:crypto';
import { kept } from './fingerprint';
import type { DestinationConfig, Secret, SourceConfig } from './types';

interface Told {
	sources: readonly SourceConfig[];
	destinations: readonly DestinationConfig[];
}

/** No secret goes into it, only where each is from. */
export function likeness({ sources, destinations }: Told): string {
	const parts = [...sources.map(ofSource), ...destinations.map(ofDestination)];
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** A start that is an age is another moment in each process. */
function ofSource(source: SourceConfig): unknown {
	const { provider: _provider, secrets, tls: _tls, start, startAgeMs, ...plain } = source;
	return [kept(source), places(secrets), startAgeMs ?? String(start), plain];
}

function ofDestination({ headers, tls: _tls, ...plain }: DestinationConfig): unknown {
	return [places(headers), plain];
}

const places = (secrets: Readonly<Record<string, Secret>>) =>
	Object.entries(secrets).map(([name, secret]) => [name, secret.describe()]);
