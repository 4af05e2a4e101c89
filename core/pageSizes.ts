import type { PageSizes } from './contract';
import type { Sizes } from './provider';

/** As configured, minus what the provider was seen to refuse. */
export function pageSizes({ pageSize: usual, maxPageSize = usual }: Sizes, isFixed = () => false): PageSizes {
	return new Tried(usual, Math.max(usual, maxPageSize), isFixed);
}

class Tried implements PageSizes {
	#most: number;
	readonly #isFixed: () => boolean;

	constructor(
		readonly usual: number,
		most: number,
		isFixed: () => boolean,
	) {
		this.#most = most;
		this.#isFixed = isFixed;
	}

	get most(): number {
		return this.#most;
	}

	get isFixed(): boolean {
		return this.#isFixed();
	}

	refused(size: number): void {
		this.#most = Math.max(this.usual, Math.min(this.#most, Math.floor(size / 2)));
	}
}
