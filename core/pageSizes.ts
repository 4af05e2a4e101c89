import type { PageSizes } from './contract';
import type { Sizes } from './provider';

/** As configured, minus what the provider was seen to refuse. */
export function pageSizes({ pageSize: usual, maxPageSize = usual }: Sizes, isFixed = () => false): PageSizes {
	let most = Math.max(usual, maxPageSize);
	return {
		usual,
		get most() {
			return most;
		},
		get isFixed() {
			return isFixed();
		},
		refused(size) {
			most = Math.max(usual, Math.min(most, Math.floor(size / 2)));
		},
	};
}
