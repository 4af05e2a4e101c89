/**
 * Batches that this process has just committed: shipped at once, they need not be read from the file and parsed again. Only a
 * copy: what does not fit is read from the file.
 */
import type { Batch } from './contract';

/** Bytes of event text; the parsed events take some times as much memory. */
const LIMIT = 2_000_000;

export interface Added {
	batch: Batch;
	/** What it counts towards the limit of the outbox. */
	size: number;
}

export class Recent {
	/** No map: what was in an old one stays alive until V8 collects old garbage, and a list is as quick for so few. */
	readonly #kept: Added[] = [];
	#size = 0;

	/** To be called when its transaction has been committed. The oldest are shipped first, so it is the newest that find no room. */
	add(added: Added): void {
		if (this.#size + added.size > LIMIT) return;
		this.#kept.push(added);
		this.#size += added.size;
	}

	get(id: number): Batch | undefined {
		return this.#kept.find(({ batch }) => batch.id === id)?.batch;
	}

	delete(id: number): void {
		const at = this.#kept.findIndex(({ batch }) => batch.id === id);
		if (at >= 0) this.#size -= this.#kept.splice(at, 1)[0]!.size;
	}
}
