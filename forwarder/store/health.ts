/** How a destination is doing, as the process that delivers to it last noted. */

export interface DestinationHealth {
	/** `failing`: accepts nothing, and is asked again and again. `halted`: a person has to act. */
	state: 'ok' | 'failing' | 'halted';
	/** Milliseconds since the epoch. */
	since: number;
	/** The last thing that went wrong, also when it is over. No secrets. */
	lastError?: { at: number; message: string };
}
