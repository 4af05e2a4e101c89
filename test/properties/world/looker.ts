/** Looks at the forwarder from outside, and holds what it does against the invariants as it happens. */
import type { DatabaseSync } from 'node:sqlite';
import type { Batch, DeadLetter } from '../../../forwarder/store/contract';
import type { Store } from '../../../forwarder/store/contract';
import type { Change, StreamState, StreamStore } from '../../../core/walk/contract';
import type { WalkProgress } from '../../../core/walk/walk';
import { anchors } from '../../../providers/auditapi/anchors';
import type { Page, Position, Source } from '../../../core/contract';
import { DAY, fromMillis } from '../../../core/time';
import type { Life } from '../tools/faults';
import { describeFacts } from './ledger';
import type { StoreWatch } from './watchStore';
import type { World } from './world';

export class Looker {
	pages = 0;
	#reader?: DatabaseSync;
	#watermark?: bigint;
	/** What the disk held after the last commit. */
	#onDisk = '';
	/** The walk in progress. */
	#walk = { saved: false, began: 0, pages: 0, clean: true, shown: 0, positions: new Set<string>() };
	/** A page was read and is not committed yet. */
	#open = false;
	#page?: Page;

	constructor(readonly world: World) {}

	read(reader: DatabaseSync): void {
		this.#reader = reader;
	}

	watch(life: Life, stream: StreamStore): Omit<StoreWatch, 'beforeRoom'> {
		const { faults } = this.world;
		return {
			life,
			faults,
			committed: async (change) => this.#committed(change, (await stream.load())!, stream),
			acknowledged: (batch, letters) => this.#acknowledged(batch, letters),
		};
	}

	watchSource(inner: Source, life: Life, store: Store): Source {
		return {
			...inner,
			page: async (range, position, signal, ask) => {
				if (life.dead) return inner.page(range, position, signal, ask);
				// a single element, to ask for the provider's clock or whether the position is at fault: nobody holds it
				const isKept = !ask?.skim;
				if (isKept && store.isFull()) this.#violated('I7', 'a page is asked for while the outbox is full');
				if (this.#open) this.#violated('I7', 'a page is asked for while another one is not committed');
				this.#beforePage(position);
				const page = await inner.page(range, position, signal, ask);
				if (!isKept) return page;
				this.#open = true;
				this.#page = page;
				this.pages++;
				// an empty page with a token is a whim of the provider
				if (page.events.length + page.invalid.length > 0 || !page.next) this.#walk.pages++;
				return page;
			},
		};
	}

	#beforePage(position: Position | undefined): void {
		if (!this.#walk.saved) {
			const { clock, faults } = this.world;
			const shown = this.#shown();
			this.#walk = { saved: false, began: clock.now(), pages: 0, clean: true, shown, positions: new Set() };
			this.#faultsBefore = faults.happened();
		}
		const key = JSON.stringify(position ?? null);
		if (this.#walk.positions.has(key)) this.#walk.clean = false;
		this.#walk.positions.add(key);
	}

	#faultsBefore = 0;

	progress(progress: WalkProgress): void {
		if (progress.kind !== 'page') this.#walk.clean = false;
	}

	/** The poll has ended: a page that was not committed is gone. */
	idle(): void {
		this.#open = false;
	}

	/** What the provider does on its own was changed: this walk may take longer. */
	disturbed(): void {
		this.#walk.clean = false;
	}

	async #committed(change: Change, state: StreamState, stream: StreamStore): Promise<void> {
		const { ledger, clock } = this.world;
		const texts = new Map(this.#page?.events.map(({ id, raw }) => [id, raw]));
		for (const { id } of change.fresh ?? []) ledger.texts.set(id, texts.get(id) ?? 'not on the page');
		for (const { id } of [...(change.fresh ?? []), ...(change.invalid ?? [])]) ledger.safe.add(givenId(id));
		this.#open = false;
		this.#checkWatermark(state.watermark);
		const missing = ledger.missing(clock.now(), state.watermark);
		if (missing.length > 0) this.#violated('I2', `behind the watermark and not safe: ${describeFacts(missing)}`);
		if (change.walk !== undefined) this.#walk.saved = change.walk !== null;
		if (change.walk === null) {
			ledger.walked(this.#walk.began, clock.now());
			this.#checkPages();
			await this.#checkSeen(state, stream);
		}
		this.#onDisk = this.#disk();
	}

	#checkWatermark(watermark: bigint): void {
		const { clock, setup, config } = this.world;
		const before = this.#watermark ?? config.start;
		if (watermark < before) this.#violated('I3', 'the watermark went back');
		const latest = fromMillis(clock.now() + setup.skewMs - config.latenessMs);
		if (watermark > before && watermark > latest) this.#violated('I3', 'the watermark is too close to now');
		this.#watermark = watermark;
	}

	#shown(): number {
		return this.world.sim.api.log.visible(this.world.clock.now()).length;
	}

	/** I6: no more requests than pages, and the one that finds out that there is no more. */
	#checkPages(): void {
		const { setup, faults, config } = this.world;
		const { fixed } = setup as {
			fixed: { pageSize?: 'honoured' | 'rejected' | { cap: number }; defaultPageSize?: number };
		};
		const { pages, clean, shown } = this.#walk;
		if (!clean || faults.happened() > this.#faultsBefore || this.#shown() !== shown) return;
		// without tokens a list is cut in time, and how often is a matter of luck
		if ('envelope' in fixed && fixed.envelope === 'array') return;
		const size =
			fixed.pageSize === 'rejected'
				? Math.min(config.sizes.pageSize, fixed.defaultPageSize!)
				: Math.min(config.sizes.pageSize, typeof fixed.pageSize === 'object' ? fixed.pageSize.cap : Infinity);
		const most = Math.ceil(shown / size) + 1;
		if (pages > most) this.#violated('I6', `${pages} pages for at most ${most}`);
	}

	/** I8: everything that can come again is known, and not much more. */
	async #checkSeen({ watermark, kept }: StreamState, stream: StreamStore): Promise<void> {
		const { ledger, sim, clock, config, setup } = this.world;
		const again = config.reconcile ? fromMillis(clock.now() - config.reconcile.spanMs) : watermark;
		const lower = sim.oldestReturned(again < watermark ? again : watermark);
		const listed = anchors.lowest(kept) ?? lower;
		const oldest = listed < lower ? listed : lower;
		const needed = [...ledger.safe].filter((id) => {
			const fact = ledger.facts.get(id)!;
			return !fact.invalid && fact.time >= oldest && fact.goneAt > clock.now() && fact.time >= config.start;
		});
		const known = await stream.seen(needed.map((id) => ({ id, time: ledger.facts.get(id)!.time })));
		const forgotten = needed.filter((id) => !known.has(id));
		if (forgotten.length > 0) this.#violated('I8', `can come again and is not known: ${forgotten.join(', ')}`);
		const spare = 5n * DAY + fromMillis(2 * Math.abs(setup.skewMs)) + (config.reconcile ? 3n * DAY : 0n);
		const bound = oldest < watermark - spare ? oldest : watermark - spare;
		const stale = this.#reader?.prepare('SELECT count(*) AS n FROM seen WHERE time < ?').get(bound);
		if (Number(stale?.['n'] ?? 0) > 0) this.#violated('I8', 'ids are kept that no query returns any more');
	}

	#acknowledged({ events }: Batch, letters: readonly DeadLetter[]): void {
		const { receiver } = this.world;
		const dead = new Set(letters.map(({ eventId }) => eventId));
		const lost = events.filter(({ id }) => !receiver.copies.has(id) && !dead.has(id));
		if (lost.length > 0) this.#violated('R1', `acknowledged and nowhere: ${lost.map(({ id }) => id).join(', ')}`);
		this.#onDisk = this.#disk();
	}

	/** I5: what a restart finds is what the last commit left, with no half page in it. */
	afterRestart(): void {
		if (this.#onDisk !== '' && this.#disk() !== this.#onDisk) this.#violated('I5', 'the state is not the last commit');
	}

	deadLetters(): Set<string> {
		return new Set(
			this.#reader!.prepare('SELECT event_id AS id FROM dead_letters')
				.all()
				.map(({ id }) => givenId(String(id))),
		);
	}

	#disk(): string {
		const all = (sql: string) => JSON.stringify(this.#reader?.prepare(sql).all() ?? []);
		return [
			all('SELECT CAST(watermark AS TEXT) AS w, walk, kept FROM streams'),
			all('SELECT id, CAST(time AS TEXT) AS t FROM seen ORDER BY id'),
			all('SELECT batch, destination FROM deliveries ORDER BY batch'),
			all('SELECT id, events, gaps FROM batches ORDER BY id'),
			all('SELECT event_id, reason FROM dead_letters ORDER BY id'),
		].join('\n');
	}

	#violated(invariant: string, detail: string): void {
		this.world.ledger.violated(invariant, detail);
	}
}

/** The provider's part of an id: that of an element that is not an event goes on with a hash. */
const givenId = (id: string) => id.replace(/#.*/, '');
