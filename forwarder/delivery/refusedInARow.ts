import type { InFlight } from './window';
import { refusedAll } from './progress';

/** So many batches in a row without one accepted record: then it is not the records. */
const MANY = 3;

/** Whether what a receiver refuses says something about the records, or about the receiver. */
export class RefusedInARow {
	#count = 0;

	/** True when all of it was refused, and that is hardly the fault of its records. */
	isReceiver({ batches, progress }: InFlight): boolean {
		// dead letters that travel again are refused again as a rule
		if (batches[0]!.retried || !refusedAll(progress!)) return false;
		return progress!.items.length > 1 || this.#count + 1 >= MANY;
	}

	/** To be told of everything that is acknowledged. */
	note({ batches, progress }: InFlight): void {
		if (!refusedAll(progress!)) this.#count = progress!.items.length > 0 ? 0 : this.#count;
		else if (!batches[0]!.retried) this.#count += 1;
	}
}
