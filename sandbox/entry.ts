/** What the sandbox needs to know of a simulated provider; each has one such entry beside its API. */
import type { Clock, SimulatedApi } from './api';
import type { EventLog } from './eventLog';

export interface Entry<Api extends SimulatedApi & { readonly log: EventLog }, Switches> {
	/** As `provider:` in a configuration says it. */
	readonly provider: string;
	/** Path of the base URL, below which the API answers. */
	readonly basePath: string;
	readonly apiKey: string;
	/** Further settings that a source needs. */
	readonly settings: Readonly<Record<string, string>>;
	/** Events to begin with, as texts, and where their ids and times are. */
	readonly seed: { readonly texts: readonly string[]; readonly idKey: string; readonly timeKey: string };
	/** Of an answer: the member that is the list, the parameter for its size; oldest first with a token, or newest first with ids as cursors. */
	readonly list: { readonly at: string; readonly size: string; readonly isAscending: boolean };
	create(options: { clock: Clock; log: EventLog; switches?: Partial<Switches> }): Api;
	/** Adds one made-up event: mostly routine, now and then something that deserves attention. `random`: 0 to 1. */
	happen(log: EventLog, random: number, ids: { hex: string; uuid: string }, micros: number): void;
}

/** What happens how often. */
export type Story<T> = readonly (readonly [weight: number, fields: T])[];

export function pick<T>(story: Story<T>, random: number): T {
	let left = random * story.reduce((sum, [weight]) => sum + weight, 0);
	for (const [weight, fields] of story) if ((left -= weight) < 0) return fields;
	return story[0]![1];
}
