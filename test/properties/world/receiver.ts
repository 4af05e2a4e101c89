/** The simulated OTLP receiver behind the real delivery: what it stored, and its faults. */
import type { Answer } from '../../../forwarder/export/answer';
import type { Item } from '../../../forwarder/records/item';
import { recordsOf } from '../../support/otlp';
import { never, type Faults, type Life } from '../tools/faults';

const BEFORE = ['crash', 'retry', 'throttled', 'maybe', 'poison', 'tooBig', 'misconfigured'] as const;
const AFTER = ['crash', 'lost', 'partial'] as const;

const ANSWERS: Record<Exclude<(typeof BEFORE)[number], 'crash'>, Answer> = {
	retry: { kind: 'retry', throttled: false, reason: 'status 502' },
	throttled: { kind: 'retry', throttled: true, afterMs: 5000, reason: 'status 429' },
	maybe: { kind: 'maybe', reason: 'status 500' },
	poison: { kind: 'poison', message: 'status 400' },
	tooBig: { kind: 'tooBig', message: 'status 413' },
	misconfigured: { kind: 'misconfigured', message: 'status 401' },
};

export class SimReceiver {
	/** How often each event was stored. */
	readonly copies = new Map<string, number>();
	/** Body of the last copy. */
	readonly bodies = new Map<string, unknown>();
	/** In the order of their first copy. */
	get order(): string[] {
		return [...this.copies.keys()];
	}

	/** For one life of the forwarder. */
	send(life: Life, faults: Faults): (items: readonly Item[]) => Promise<Answer> {
		return async (items) => {
			if (life.dead) return never();
			const before = faults.next('send', BEFORE);
			if (before === 'crash') return died(life);
			if (before) return ANSWERS[before];
			const after = faults.next('sent', AFTER);
			// the first one is refused, and nobody says that it is the first one
			this.#store(after === 'partial' ? items.slice(1) : items);
			if (after === 'crash') return died(life);
			if (after === 'lost') return { kind: 'retry', throttled: false, reason: 'no answer (ECONNRESET)' };
			if (after === 'partial') return { kind: 'partial', rejected: 1, message: 'one of them' };
			return { kind: 'accepted' };
		};
	}

	#store(items: readonly Item[]): void {
		const records = recordsOf(items);
		for (const [index, { eventId }] of items.entries()) {
			this.copies.set(eventId, (this.copies.get(eventId) ?? 0) + 1);
			this.bodies.set(eventId, records[index]!.body);
		}
	}
}

function died(life: Life): Promise<never> {
	life.kill();
	return never();
}
