/** The forwarder as it is, over a store that keeps everything in memory: what is left is reading, mapping, encoding, sending. */
import { loadConfig } from '../../forwarder/config/load';
import { systemClock as clock } from '../../forwarder/waits';
import { openSource, type Domains } from '../../forwarder/cli/sources';
import { openOutlet } from '../../forwarder/run/outlets';
import { createRelay } from '../../forwarder/run/relay';
import { configFile } from '../measure/configFile';
import { memoryStore } from './memoryStore';
import type { Task } from './task';

export async function withoutState(task: Task): Promise<void> {
	const env = { BENCH_KEY: 'id:secret' };
	const config = await loadConfig(configFile(task), env, clock.now());
	const domains: Domains = new Map();
	const random = Math.random;
	const open = (source: (typeof config.sources)[number]) => openSource(source, { clock, random, env, domains });
	const store = memoryStore();
	const stores = () => [store];
	const outlets = config.destinations.map((one) => openOutlet(one, { clock, random, env, stores }));
	const relay = await createRelay({ config, store, outlets, clock, random, open });
	const troubles = await relay.once(new AbortController().signal, 60_000);
	await Promise.all(outlets.map((outlet) => outlet.close()));
	if (troubles.length > 0) throw new Error(troubles.join('; '));
}
