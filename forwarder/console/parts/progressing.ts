/** How far something is that ends. */
export interface Progressing {
	percent?: number;
	eventsPerSecond?: number;
	leftMs?: number;
}
