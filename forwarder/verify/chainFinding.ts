/** From the state of a chain to a verdict; what looks broken is looked at once more. */
import { fitting } from '../../core/walk/read';
import type { Nanos, Position, Source } from '../../core/contract';
import type { Integrity } from '../../core/provider';
import { jsonOf } from './elements';
import { placeOf, type ChainState, type Linked } from './chain';
import { PLACES, type Finding } from './result';

/** Loose ends that are looked at again; when there are more, late entries do not explain them. */
const LOOKED_AT = 20;
const MAX_PAGES = 50;

export interface ChainDeps {
	source: Source;
	link: Integrity['link'];
	/** How far around a loose end is looked. */
	around: Nanos;
	signal: AbortSignal;
}

export async function chainFinding(state: ChainState, deps: ChainDeps): Promise<Finding> {
	const check = 'chain';
	const { entries, hidden, linked, edges, oneActor } = state;
	const unknown = (detail: string): Finding => ({ check, verdict: 'unknown', detail });
	if (entries === 0) return unknown('there are no entries to link');
	if (hidden === entries) return unknown('the key is not shown the hash chain');
	if (hidden > 0) return unknown(`${hidden} of ${entries} entries show no hash, so links to them cannot be followed`);
	const loose: Linked[] = [];
	for (const [index, one] of state.loose.entries()) {
		if (index >= LOOKED_AT || !(await isListed(one, deps))) loose.push(one);
	}
	if (loose.length === 0) {
		const stretches = edges > 1 ? ` in ${edges} stretches` : '';
		const followed = linked + state.loose.length;
		const detail = `${followed} links between ${entries} entries${stretches}, none of them broken`;
		return { check, verdict: 'proven', detail };
	}
	if (oneActor) {
		return unknown(
			'all entries are of one actor: the key may see its own only (audit:read:own), which are not a chain',
		);
	}
	const detail = `${loose.length} of ${entries} entries follow an entry that is missing`;
	return { check, verdict: 'broken', detail, where: loose.slice(0, PLACES).map(placeOf) };
}

/** Whether the entry before it is listed after all: outside of what was read, or only now. */
async function isListed({ time, link: { previous } }: Linked, deps: ChainDeps): Promise<boolean> {
	if (previous === undefined) return false;
	const range = { lower: time - deps.around, upper: time + deps.around };
	let position: Position | undefined;
	for (let pages = 0; pages < MAX_PAGES; pages++) {
		const page = await fitting(deps.source).page(range, position, deps.signal);
		const listed = [...page.events.map(({ json }) => json), ...page.invalid.map(({ raw }) => jsonOf(raw))];
		if (listed.some((json) => deps.link(json)?.hash === previous)) return true;
		if (!page.next) return false;
		position = page.next;
	}
	return false;
}
