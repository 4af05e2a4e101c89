/** What turns batches into the records of a destination. */
import { providers } from '../../providers/registry';
import { fromMillis } from '../../providers/time';
import { VERSION } from '../cli/version';
import type { DestinationConfig, SourceConfig } from '../config/types';
import { encodeOnce, type Encode } from '../sink/item';
import { createEncoder, type StreamOrigin } from '../sink/records';
import type { RelayDeps } from './relay';

type Deps = Pick<RelayDeps, 'config' | 'clock' | 'store'>;

/** Destinations that get the same records share their encoder, which encodes a batch that is at hand for all of them once. */
export function encoders(deps: Deps): (destination: DestinationConfig) => Encode {
	const { config, clock } = deps;
	const shared = new Map<string, Encode>();
	return ({ renameAttributes, onTooOld, maxEventAgeMs }) => {
		const options = {
			version: VERSION,
			origin: (stream: string) => originOf(stream, deps),
			resourceAttributes: config.resourceAttributes,
			renameAttributes,
		};
		if (onTooOld === 'restamp')
			return createEncoder({ ...options, restampBefore: () => fromMillis(clock.now() - maxEventAgeMs!) });
		const key = JSON.stringify(renameAttributes ?? {});
		const encode = shared.get(key) ?? encodeOnce(createEncoder(options));
		shared.set(key, encode);
		return encode;
	};
}

/** A source that is no longer configured still has its last events to ship: the state knows what it was. */
function originOf(stream: string, { config, store }: Deps): StreamOrigin | undefined {
	const source = config.sources.find(({ name }) => name === stream);
	const known: Partial<SourceConfig['settings'] & Pick<SourceConfig, 'provider'>> = source
		? { provider: source.provider, ...source.settings }
		: (JSON.parse(store.settingsOf(stream) ?? '{}') as object);
	if (!known.provider || !(known.provider in providers)) return undefined;
	return { provider: providers[known.provider], tenant: known.accountId ?? known.entityId ?? stream };
}
