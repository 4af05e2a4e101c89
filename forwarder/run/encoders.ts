/** What turns batches into the records of a destination. */
import type { Provider, Settings } from '../../core/provider';
import type { Declaration } from '../../providers/declared/form/declaration';
import { declaredProvider } from '../../providers/declared/provider';
import { providerNamed } from '../../providers/registry';
import { tenantOf } from '../../core/settings';
import { fromMillis } from '../../core/time';
import { VERSION } from '../version';
import type { DestinationConfig } from '../config/types';
import { encodeOnce, type Encode } from '../records/item';
import { createEncoder, type StreamOrigin } from '../records/records';
import type { RelayDeps } from './relay';

interface Deps extends Pick<RelayDeps, 'config' | 'clock'> {
	/** What streams were, by name, as JSON. */
	settings: ReadonlyMap<string, string>;
}

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
function originOf(stream: string, { config, settings: known }: Deps): StreamOrigin | undefined {
	const source = config.sources.find(({ name }) => name === stream);
	const { provider, settings = {} } = source ?? stored(known.get(stream));
	return provider && { provider, tenant: tenantOf(provider, settings) ?? stream };
}

function stored(text = '{}'): { provider?: Provider; settings?: Settings } {
	const { provider, declaration, settings } = JSON.parse(text) as Stored;
	return { provider: declaration ? declaredProvider(declaration) : providerNamed(provider), settings };
}

interface Stored {
	provider?: string;
	/** Of a provider that is not built in. */
	declaration?: Declaration;
	settings?: Settings;
}
