/** One forwarder with one source and one destination, in a simulated world: real walk, real store, real delivery. */
import { DatabaseSync } from 'node:sqlite';
import type { SourceConfig } from '../../../forwarder/config/types';
import { createPoller, type Poller } from '../../../forwarder/run/poller';
import { createDelivery, type Delivery } from '../../../forwarder/delivery/delivery';
import { createEncoder } from '../../../forwarder/records/records';
import { openStore } from '../../../forwarder/store/sqlite/store';
import type { Store } from '../../../forwarder/store/contract';
import type { Source } from '../../../core/contract';
import { readingJson } from '../../../core/http/readJson';
import { DAY, fromMillis } from '../../../core/time';
import { VirtualClock } from '../tools/clock';
import { Faults, Life } from '../tools/faults';
import { scratch } from '../tools/folder';
import type { Setup } from './commands';
import { Ledger } from './ledger';
import { Looker } from './looker';
import { SimReceiver } from './receiver';
import { sims, type Sim } from './sim';
import { line } from './transport';
import { watchOutbox, watchStream } from './watchStore';
import { door } from '../../support/door';
import { streamOf } from '../../support/streamOf';

/** The ids that filter repeats have to do it alone; what the ledger adds is tested in test/core/walk/repeats.test.ts. */
const NO_LEDGER = -365n * DAY;

const HOUR = 3_600_000;

/** What lives and dies with the process. */
interface Forwarder {
	life: Life;
	store: Store;
	poller: Poller;
	delivery: Delivery;
	source: Source;
}

export class World {
	readonly clock: VirtualClock;
	readonly sim: Sim;
	readonly ledger = new Ledger();
	readonly receiver = new SimReceiver();
	readonly faults: Faults;
	readonly config: SourceConfig;
	readonly looker: Looker;
	/** Things that happen one by one while requests are under way. */
	readonly during: (() => void)[] = [];
	lastFailure?: string;
	readonly #folder = scratch();
	readonly #reader: DatabaseSync;
	#now!: Forwarder;

	constructor(readonly setup: Setup) {
		const { minute, startAgoMs, pageSize, skewMs, retentionMs, reconcile } = setup;
		this.clock = new VirtualClock(Date.parse('2026-02-11T00:00:00Z') + minute * 60_000);
		this.sim = sims[setup.sim](this.clock);
		this.sim.set({ ...setup.fixed, dateSkewMs: skewMs });
		this.sim.api.log.retentionMs = retentionMs;
		this.faults = new Faults(setup.faults, setup.focus);
		const { provider, settings } = this.sim;
		this.config = {
			name: 'source',
			provider: provider.name,
			settings,
			sizes: { pageSize, maxPageSize: pageSize * 4 },
			start: fromMillis(this.clock.now() + skewMs - startAgoMs),
			pollIntervalMs: 60_000,
			latenessMs: provider.defaults.latenessMs,
			...(reconcile && { reconcile: { everyMs: HOUR, spanMs: 48 * HOUR } }),
			dropReads: false,
			redact: [],
			destinations: ['siem'],
		} as unknown as SourceConfig;
		this.looker = new Looker(this);
		this.restart();
		this.#reader = new DatabaseSync(this.#folder.path, { readOnly: true });
		this.looker.read(this.#reader);
	}

	/** Kills the process, if it still lives, and starts another one on what is on the disk. */
	restart(): void {
		const before = this.#now as Forwarder | undefined;
		if (before) {
			before.life.kill();
			void before.store.close();
			this.clock.forgetSleepers();
		}
		const { clock, faults, setup, sim } = this;
		const life = new Life();
		const store = openStore(this.#folder.path, { maxOutboxSize: setup.outboxLimit, now: () => clock.now() });
		const stream = streamOf(store, { name: 'source', fingerprint: 'f', destinations: ['siem'], keepLedger: NO_LEDGER });
		const watch = { ...this.looker.watch(life, stream), beforeRoom: () => void this.#relieve() };
		const slow = () => {
			this.during.shift()?.();
			clock.advance(setup.latencyMs / 2);
		};
		const call = readingJson(line(sim, { life, faults, slow, undated: setup.undated }), clock);
		const source = this.looker.watchSource(
			sim.provider.source(call, this.config.settings, this.config.sizes, door),
			life,
			store,
		);
		this.#now = {
			life,
			store,
			source,
			poller: createPoller({
				config: this.config,
				provider: sim.provider,
				source,
				store: watchStream(stream, watch),
				clock,
				random: () => 0.5,
				note: (error) => store.notePoll('source', error),
				report: { progress: (_source, progress) => this.looker.progress(progress) },
			}),
			delivery: createDelivery({
				destination: 'siem',
				outbox: watchOutbox(store.outbox('siem'), watch),
				encode: createEncoder({ version: '1', origin: () => ({ provider: sim.provider, tenant: 'tenant' }) }),
				send: this.receiver.send(life, faults),
				clock,
				random: () => 0.5,
			}),
		};
	}

	/** True when all was read; false when the poll failed or the process died. */
	async poll(): Promise<boolean> {
		const { poller } = this.#now;
		const failure = await this.#alive(poller.once(new AbortController().signal));
		this.lastFailure = failure === 'died' ? 'crash' : failure?.message;
		return failure === undefined;
	}

	/** Both at once, as in a running forwarder. */
	async pollAndDeliver(): Promise<void> {
		const { poller, delivery } = this.#now;
		const { signal } = new AbortController();
		await this.#alive(Promise.allSettled([poller.once(signal), delivery.drain(signal)]));
	}

	async deliver(): Promise<boolean> {
		const { delivery } = this.#now;
		const result = await this.#alive(delivery.drain(new AbortController().signal));
		return result !== 'died' && result.kind === 'drained';
	}

	close(): void {
		void this.#now.store.close();
		this.#reader.close();
		this.#folder.remove();
	}

	async #alive<T>(work: Promise<T>): Promise<T | 'died'> {
		const { life } = this.#now;
		const result = await this.clock.until(Promise.race([work, life.end]));
		this.looker.idle();
		if (!life.dead) return result;
		this.restart();
		this.looker.afterRestart();
		return 'died';
	}

	/** The delivery that runs beside the polling: it makes room when the outbox is full. */
	async #relieve(): Promise<void> {
		const { store, delivery, life } = this.#now;
		while (store.isFull() && !life.dead) {
			await Promise.race([delivery.drain(new AbortController().signal).catch(() => undefined), life.end]);
			if (store.isFull() && !life.dead) await this.clock.sleep(60_000);
		}
	}
}
