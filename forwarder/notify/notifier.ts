/** Looks every few seconds at what is wrong, and has those told who want to know. Shipping never waits for it. */
import type { Clock } from '../../core/contract';
import type { NotificationConfig } from '../config/types';
import { createChannel, type Channel, type ChannelDeps } from './channel';
import type { Looked } from './problem';
import type { NotificationStatus } from './status';

const EVERY_MS = 10_000;
/** At the end: for what ends the process. */
const LAST_MS = 5_000;

export interface NotifierDeps extends Omit<ChannelDeps, 'signal'> {
	clock: Clock;
	look(): Promise<Looked>;
}

export interface Notifier {
	status(): readonly Readonly<NotificationStatus>[];
	/** From now on these; what is the same object as before goes on untouched. What was told by one that is gone is kept under its name. */
	change(configs: readonly NotificationConfig[]): void;
	/** Tells what ends the process, if something does. */
	end(): Promise<void>;
}

interface Running {
	config: NotificationConfig;
	channel: Channel;
	removed: AbortController;
}

export function startNotifier(configs: readonly NotificationConfig[], deps: NotifierDeps): Notifier {
	const { clock, look } = deps;
	const ended = new AbortController();
	const sending = new AbortController();
	let all = new Map<string, Running>();
	change(configs);
	const tell = (looked: Looked) => Promise.all([...all.values()].map(({ channel }) => channel.tell(looked)));
	/** One that is slow holds up no other, and no look. */
	const tellAll = async () => tell(await look());

	function change(next: readonly NotificationConfig[]): void {
		const before = all;
		all = new Map(next.map((config) => [config.name, become(before.get(config.name), config)]));
		for (const [name, { removed }] of before) if (!all.has(name)) removed.abort();
	}

	function become(known: Running | undefined, config: NotificationConfig): Running {
		if (known) {
			if (known.config !== config) known.channel.change(config);
			return { ...known, config };
		}
		const removed = new AbortController();
		const signal = AbortSignal.any([sending.signal, removed.signal]);
		return { config, removed, channel: createChannel(config, { ...deps, signal }) };
	}

	async function run(): Promise<void> {
		while (!ended.signal.aborted) {
			void tellAll().catch(() => undefined);
			await clock.sleep(EVERY_MS, ended.signal);
		}
	}

	const running = run();
	return {
		status: () => [...all.values()].map(({ channel }) => channel.status),
		change,
		async end() {
			ended.abort();
			await running;
			const { problems } = await look().catch((): Pick<Looked, 'problems'> => ({ problems: [] }));
			const last = problems.filter(({ rule }) => rule === 'fatal');
			const absence = () => 'unknown' as const;
			if (last.length > 0) {
				const told = tell({ problems: last, absence });
				await Promise.race([told.catch(() => undefined), clock.sleep(LAST_MS)]);
			}
			sending.abort();
		},
	};
}
