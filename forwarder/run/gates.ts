/**
 * Whether each source may be asked now. A person may have paused it, by whatever process, and may want it polled at once: both are known
 * from the state, and carried out wherever the source is read.
 */
import type { Clock } from '../../core/contract';
import { Alarm } from '../delivery/alarm';
import { pausedAs } from './paused';

export class Gate {
	#isPaused = false;
	/** Lists: of thousands of gates nearly all have one that works, and nobody who waits. */
	#working: AbortController[] = [];
	#waiting: (() => void)[] = [];
	readonly #calls = new Alarm();

	get isPaused(): boolean {
		return this.#isPaused;
	}

	pause(): void {
		this.#isPaused = true;
		for (const work of this.#working) work.abort('paused');
	}

	resume(): void {
		if (!this.#isPaused) return;
		this.#isPaused = false;
		for (const go of this.#waiting) go();
	}

	/** Work that a pause ends as a stop does, and that begins again when the source is resumed. Until it has ended by itself, or the signal aborts. */
	async during(signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
		while (!signal.aborted) {
			if (this.isPaused) {
				await this.#resumed(signal);
				continue;
			}
			const stop = new AbortController();
			const end = () => stop.abort(signal.reason);
			signal.addEventListener('abort', end, { once: true });
			this.#working = this.#working.concat(stop);
			try {
				await work(stop.signal);
			} finally {
				this.#working = this.#working.filter((one) => one !== stop);
				signal.removeEventListener('abort', end);
			}
			if (!stop.signal.aborted) return;
		}
	}

	/** Ends a wait for the next poll. One that runs is followed by another: it may have begun before what somebody waits for. */
	call(): void {
		this.#calls.ring();
	}

	/** To be read before a poll, and given to `wait` after it. */
	get calls(): number {
		return this.#calls.rings;
	}

	/** Resolves after `ms`, when the signal aborts, or when it was called since. */
	wait(clock: Clock, ms: number, seen: number, signal: AbortSignal): Promise<void> {
		return this.#calls.wait(clock, ms, seen, signal);
	}

	#resumed(signal: AbortSignal): Promise<void> {
		return new Promise((done) => {
			const go = () => {
				this.#waiting = this.#waiting.filter((one) => one !== go);
				signal.removeEventListener('abort', go);
				done();
			};
			this.#waiting.push(go);
			signal.addEventListener('abort', go, { once: true });
		});
	}
}

export interface Gates {
	of(stream: string): Gate;
	/** These sources are paused, with all streams of them, and no others. Returns what has changed. */
	pauseOnly(sources: readonly string[]): { paused: string[]; resumed: string[] };
}

export function createGates(): Gates {
	const gates = new Map<string, Gate>();
	let stopped = new Set<string>();
	return {
		of(stream) {
			const known = gates.get(stream);
			if (known) return known;
			const gate = new Gate();
			if (pausedAs(stream, stopped).length > 0) gate.pause();
			gates.set(stream, gate);
			return gate;
		},
		pauseOnly(sources) {
			const before = stopped;
			stopped = new Set(sources);
			for (const [stream, gate] of gates) {
				if (pausedAs(stream, stopped).length > 0) gate.pause();
				else gate.resume();
			}
			return {
				paused: [...stopped].filter((name) => !before.has(name)),
				resumed: [...before].filter((name) => !stopped.has(name)),
			};
		},
	};
}
