/** Has done what people want of the sources and destinations of this process, whoever they told. */
import type { Clock } from '../../core/contract';
import type { Wish, Wishes } from '../store/wishes';
import { Alarm } from '../delivery/alarm';
import type { Gates } from './gates';
import type { Outlet } from './outlets';

export interface WishesDeps {
	/** As the state has them. */
	look: () => Promise<Wishes>;
	everyMs: number;
	clock: Clock;
	gates: Gates;
	outlets: () => readonly Pick<Outlet, 'config' | 'receiver'>[];
	onChange: (changed: { paused: readonly string[]; resumed: readonly string[] }) => void;
}

export interface WishReader {
	/** Reads the state. Throws when it cannot be asked. */
	look(): Promise<void>;
	/** Again and again. A state that cannot be asked leaves everything as it was. */
	run(signal: AbortSignal): Promise<void>;
	/** Somebody has changed the state just now. */
	lookSoon(): void;
	/** What this process is told itself. */
	carryOut(wish: Wish): void;
}

export function createWishReader({ look, everyMs, clock, gates, outlets, onChange }: WishesDeps): WishReader {
	const alarm = new Alarm();

	function carryOut(wish: Wish): void {
		if (wish.kind === 'poll') return gates.of(wish.source).call();
		for (const { config, receiver } of outlets()) if (config.name === wish.destination) receiver.halt.probeNow();
	}

	async function lookNow(): Promise<void> {
		const { paused, wishes } = await look();
		const changed = gates.pauseOnly(paused);
		if (changed.paused.length + changed.resumed.length > 0) onChange(changed);
		wishes.forEach(carryOut);
	}

	return {
		look: lookNow,
		async run(signal) {
			while (!signal.aborted) {
				const seen = alarm.rings;
				// whoever writes to it says that it cannot be asked
				await lookNow().catch(() => undefined);
				await alarm.wait(clock, everyMs, seen, signal);
			}
		},
		lookSoon: () => alarm.ring(),
		carryOut,
	};
}
