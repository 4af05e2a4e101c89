/** How somebody wants to be told. */
import type { Open } from '../due';
import type { Notice } from '../problem';

/** What is to be told, as it will be kept. */
export interface Telling {
	begun: readonly Notice[];
	over: readonly Open[];
	/** All that was told before and is not over, `over` included. */
	open: readonly Open[];
	/** Which process says it. */
	from: string;
	/** ISO 8601. */
	at: string;
}

/** One request, and what is told by it. */
export interface Post {
	/** Absent: nothing has to be said. */
	body?: unknown;
	begun: readonly Notice[];
	over: readonly Open[];
}

export type Shape = (telling: Telling, routingKey: string | undefined) => Post[];
