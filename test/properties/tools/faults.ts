/** Faults planned ahead, and the process that a crash ends. */

/** The fault happens `gap` steps after the one before; `pick` says which of those that are possible there. */
export interface PlannedFault {
	gap: number;
	pick: number;
}

export class Faults {
	readonly counts = new Map<string, number>();
	readonly #planned: PlannedFault[];
	#left: number;

	/** `focus`: only places whose name begins like this are hit; the fewer places, the more often each one. */
	constructor(
		planned: readonly PlannedFault[],
		readonly focus = '',
	) {
		this.#planned = [...planned];
		this.#left = this.#planned[0]?.gap ?? Infinity;
	}

	/** To be asked at every await: which of these faults happens now, if any. */
	next<K extends string>(place: string, kinds: readonly K[]): K | undefined {
		if (!place.startsWith(this.focus) || this.#left-- > 0) return undefined;
		const { pick } = this.#planned.shift()!;
		this.#left = this.#planned[0]?.gap ?? Infinity;
		const kind = kinds[pick % kinds.length]!;
		this.count(`${place}: ${kind}`);
		return kind;
	}

	count(fault: string): void {
		this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
	}

	stop(): void {
		this.#left = Infinity;
	}

	/** How many happened whose name fits. */
	happened(fits = /./): number {
		return [...this.counts].reduce((sum, [fault, count]) => (fits.test(fault) ? sum + count : sum), 0);
	}
}

/** One life of the forwarder. After its end none of its awaits goes on, as in a process that was killed. */
export class Life {
	dead = false;
	readonly end: Promise<'died'>;
	#announce!: () => void;

	constructor() {
		this.end = new Promise((resolve) => (this.#announce = () => resolve('died')));
	}

	kill(): void {
		this.dead = true;
		this.#announce();
	}
}

export interface Place {
	name: string;
	life: Life;
	faults: Faults;
	/** Faults other than a crash that may come before and after the action, by what they throw. */
	before?: Readonly<Record<string, () => Error>>;
	after?: Readonly<Record<string, () => Error>>;
}

/** Carries the action out, unless a fault says otherwise. */
export async function faulty<T>({ name, life, faults, before = {}, after = {} }: Place, action: () => Promise<T>) {
	await strike(`${name} before`, before);
	const result = await action();
	await strike(`${name} after`, after);
	return result;

	async function strike(place: string, errors: Readonly<Record<string, () => Error>>): Promise<void> {
		if (life.dead) return never();
		const kind = faults.next(place, ['crash', ...Object.keys(errors)]);
		if (kind === 'crash') {
			life.kill();
			return never();
		}
		if (kind) throw errors[kind]!();
	}
}

export function never(): Promise<never> {
	return new Promise(() => undefined);
}
