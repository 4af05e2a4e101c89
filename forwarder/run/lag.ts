/** How far behind a source is: one definition for all who are told (docs/operations.md). */
import type { Nanos } from '../../core/contract';
import { toMillis } from '../../core/time';

/** How far the watermark is behind the provider's clock. At rest it is the lateness and what has passed since the last poll began. */
export function watermarkLag(watermark: Nanos, theirNowMs: number): number {
	return Math.max(0, theirNowMs - toMillis(watermark));
}

export interface Read {
	watermark: Nanos;
	latenessMs: number;
	/** Everything from its start on was read once. */
	isComplete: boolean;
}

/** How long ago everything was read that the provider showed: without the lateness, which is read again on purpose. Undefined: it never was. */
export function lagOf({ watermark, latenessMs, isComplete }: Read, theirNowMs: number): number | undefined {
	return isComplete ? Math.max(0, watermarkLag(watermark, theirNowMs) - latenessMs) : undefined;
}
