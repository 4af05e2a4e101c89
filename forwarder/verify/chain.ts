/**
 * Whether what a provider lists hangs together: every entry names the hash of the one before it. Links are looked up by hash and
 * never by neighbourhood, because equal times and late entries make the order of a list ambiguous.
 */
import type { Nanos, SourceEvent } from '../../core/contract';
import type { Link } from '../../core/provider';
import type { Place } from './result';

export interface Linked {
	id: string;
	time: Nanos;
	/** Nobody knows whether others come before it: it may be the first. */
	isTimeless?: boolean;
	link: Link;
}

export interface ChainState {
	entries: number;
	/** Entries without a link. */
	hidden: number;
	/** Entries whose predecessor is among those that were read. */
	linked: number;
	/** Where a stretch without holes begins: what comes before it was not read. */
	edges: number;
	/** Entries whose predecessor was not found. */
	loose: Linked[];
	/** All entries are of one actor. */
	oneActor: boolean;
}

export function chainChecker(linkOf: (event: SourceEvent['json']) => Link | undefined) {
	const counts = { entries: 0, hidden: 0, linked: 0, edges: 0 };
	const actors = new Set<string>();
	const loose: Linked[] = [];
	/** Hashes that nobody has named yet: one, unless entries are out of order. So little is held of what was read. */
	let tips = new Set<string>();
	let open: Linked[] = [];
	let oldest = new Map<string, Nanos>();

	const keyOf = (chain: string, hash: string) => `${chain} ${hash}`;

	function closeOpen(): void {
		const stillOpen: Linked[] = [];
		for (const one of open) {
			const { chain, previous } = one.link;
			if (previous !== undefined && tips.delete(keyOf(chain, previous))) counts.linked++;
			else stillOpen.push(one);
		}
		open = stillOpen;
	}

	return {
		/** The events of the next slice of a stretch without holes, in any order. */
		add(events: readonly (Pick<SourceEvent, 'id' | 'time' | 'json'> & { isTimeless?: boolean })[]): void {
			for (const { id, time, json, isTimeless = false } of events) {
				counts.entries++;
				const link = linkOf(json);
				if (!link) {
					counts.hidden++;
					continue;
				}
				if (actors.size < 2) actors.add(link.actor);
				tips.add(keyOf(link.chain, link.hash));
				open.push({ id, time, link, isTimeless });
				if (isTimeless) continue;
				const first = oldest.get(link.chain);
				if (first === undefined || time < first) oldest.set(link.chain, time);
			}
			closeOpen();
		},

		/** The stretch ends here. */
		cut(): void {
			for (const one of open) {
				// the first entry follows one that was not read, or on none; of those of the same instant only one is the first
				if (one.isTimeless) counts.edges++;
				else if (oldest.get(one.link.chain) === one.time) {
					oldest.delete(one.link.chain);
					counts.edges++;
				} else loose.push(one);
			}
			tips = new Set();
			open = [];
			oldest = new Map();
		},

		state: (): ChainState => ({ ...counts, loose, oneActor: actors.size === 1 && !actors.has('') }),
	};
}

export function placeOf({ id, time, link }: Linked): Place {
	const why = link.previous === undefined ? 'names no previous entry' : `follows ${link.previous}, which is missing`;
	return { id, time, why };
}
