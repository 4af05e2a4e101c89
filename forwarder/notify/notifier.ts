/** Looks every few seconds at what is wrong, and has those told who want to know. Shipping never waits for it. */
import type { Clock } from '../../core/contract';
import type { NotificationConfig } from '../config/types';
import { createChannel, type ChannelDeps } from './channel';
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
	/** Tells what ends the process, if something does. */
	end(): Promise<void>;
}

export function startNotifier(configs: readonly NotificationConfig[], deps: NotifierDeps): Notifier {
	const { clock, look } = deps;
	const ended = new AbortController();
	const sending = new AbortController();
	const channels = configs.map((config) => createChannel(config, { ...deps, signal: sending.signal }));
	/** One that is slow holds up no other, and no look. */
	const tellAll = async () => {
		const looked = await look();
		return Promise.all(channels.map((channel) => channel.tell(looked)));
	};

	async function run(): Promise<void> {
		while (!ended.signal.aborted) {
			void tellAll().catch(() => undefined);
			await clock.sleep(EVERY_MS, ended.signal);
		}
	}

	const running = run();
	return {
		status: () => channels.map(({ status }) => status),
		async end() {
			ended.abort();
			await running;
			const { problems } = await look().catch((): Pick<Looked, 'problems'> => ({ problems: [] }));
			const last = problems.filter(({ rule }) => rule === 'fatal');
			const absence = () => 'unknown' as const;
			if (last.length > 0) {
				const told = Promise.all(channels.map((channel) => channel.tell({ problems: last, absence })));
				await Promise.race([told.catch(() => undefined), clock.sleep(LAST_MS)]);
			}
			sending.abort();
		},
	};
}
