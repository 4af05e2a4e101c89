/** What turns batches into the records of a destination. */
import type { Provider, Settings } from '../../core/provider';
import type { Declaration } from '../../providers/declared/form/declaration';
import { declaredProvider } from '../../providers/declared/provider';
import { providerNamed } from '../../providers/registry';
import { tenantOf } from '../../core/settings';
import { fromMillis } from '../../core/time';
import { VERSION } from '../version';
import type { DestinationConfig, SourceConfig } from '../config/types';
import { encodeOnce, type Encode } from '../records/item';
import { createEncoder, type StreamOrigin } from '../records/records';
import type { RelayDeps } from './relay';

interface Deps extends Pick<RelayDeps, 'config' | 'clock'> {
	sourceOf: (stream: string) => SourceConfig | undefined;
	/** What a stream was, as JSON, when its source is no longer configured. */
	settingsOf: (stream: string) => string | undefined;
}

export interface Encoders {
	/** Destinations that get the same records share their encoder, which encodes a batch that is at hand for all of them once. */
	of(destination: DestinationConfig): Encode;
	/** Their sources have changed. */
	forget(): void;
}

export function createEncoders(deps: Deps): Encoders {
	const { config, clock } = deps;
	const shared = new Map<string, Encode>();
	const origins = new Map<string, StreamOrigin>();
	const origin = (stream: string): StreamOrigin | undefined => {
		const known = origins.get(stream) ?? originOf(stream, deps);
		if (known) origins.set(stream, known);
		return known;
	};
	return {
		of({ renameAttributes, onTooOld, maxEventAgeMs }) {
			const options = { version: VERSION, origin, resourceAttributes: config.resourceAttributes, renameAttributes };
			if (onTooOld === 'restamp')
				return createEncoder({ ...options, restampBefore: () => fromMillis(clock.now() - maxEventAgeMs!) });
			const key = JSON.stringify(renameAttributes ?? {});
			const encode = shared.get(key) ?? encodeOnce(createEncoder(options));
			shared.set(key, encode);
			return encode;
		},
		forget: () => origins.clear(),
	};
}

/** A source that is no longer configured still has its last events to ship: the state knows what it was. */
function originOf(stream: string, { sourceOf, settingsOf }: Deps): StreamOrigin | undefined {
	const { provider, settings = {} } = sourceOf(stream) ?? stored(settingsOf(stream));
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
