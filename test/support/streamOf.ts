import type { StreamStore } from '../../core/walk/contract';
import type { Store, StreamIdentity } from '../../forwarder/store/contract';

/** One stream of a store. It is opened at once; whoever uses it is told why when it cannot be. */
export function streamOf(store: Pick<Store, 'streams'>, identity: StreamIdentity): StreamStore {
	const opened = store.streams([identity]).then(([stream]) => stream!);
	opened.catch(() => undefined);
	return {
		load: async () => (await opened).load(),
		seen: async (...given) => (await opened).seen(...given),
		rememberedFrom: async () => (await opened).rememberedFrom(),
		settled: async (...given) => (await opened).settled(...given),
		commit: async (...given) => (await opened).commit(...given),
		room: async (...given) => (await opened).room(...given),
	};
}
