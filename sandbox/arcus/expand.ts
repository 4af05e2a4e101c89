/** `expand[]`: entries are stored complete, what was not asked for is cut out of their text. */
import type { Call, SimReply } from '../api';
import { member, replaced, without } from '../rawJson';
import { arcusError, lacking, type ArcusKey } from './keys';
import type { ArcusSwitches, ExpandPath } from './switches';

export type Expansion =
	{ readonly ok: true; readonly paths: ReadonlySet<ExpandPath> } | { readonly ok: false; readonly reply: SimReply };

const known: readonly ExpandPath[] = ['actor', 'resource', 'diff', 'chain'];

export function expansion(call: Call, on: 'list' | 'entry', switches: ArcusSwitches, key: ArcusKey): Expansion {
	const asked = [...call.query.getAll('expand[]'), ...call.query.getAll('expand')];
	const refuse = (code: string, hint?: string): Expansion => ({
		ok: false,
		reply: arcusError(400, code, { type: 'expand_error', param: 'expand[]', hint }),
	});
	const valid = known.map((path) => (on === 'list' ? `data.${path}` : path)).join(', ');
	if (asked.length > 10) return refuse('invalid_expand_too_many_paths', 'At most 10 paths.');
	const paths = new Set<ExpandPath>();
	for (const text of asked) {
		if (text.split('.').length > 4) return refuse('invalid_expand_too_deep', 'At most 4 levels.');
		if (on === 'list' && switches.listExpand === 'rejected') {
			return refuse('invalid_expand_unknown_field', 'Valid paths: none.');
		}
		if (on === 'list' && !text.startsWith('data.')) return refuse('invalid_expand_list_requires_data_prefix');
		const path = known.find((candidate) => candidate === (on === 'list' ? text.slice('data.'.length) : text));
		if (!path) return refuse('invalid_expand_unknown_field', `Valid paths: ${valid}.`);
		const scope = switches.expandScopes[path];
		const refusal = scope === undefined ? undefined : lacking(key, scope);
		if (refusal) return { ok: false, reply: refusal };
		paths.add(path);
	}
	if (switches.chain === 'hidden') paths.delete('chain');
	return { ok: true, paths };
}

/** The very text that was stored when everything was asked for. */
export function shown(raw: string, paths: ReadonlySet<ExpandPath>): string {
	const drop = new Set<string>();
	if (!paths.has('diff')) for (const key of ['before_state', 'after_state', 'diff']) drop.add(key);
	if (!paths.has('chain')) drop.add('_chain');
	const kept = drop.size > 0 ? without(raw, drop) : raw;
	const actor = paths.has('actor') ? undefined : member(kept, 'actor');
	if (!actor?.startsWith('{')) return kept;
	const plain = without(actor, new Set(['name', 'email']));
	return plain === actor ? kept : replaced(kept, 'actor', plain);
}

/** Paths for the row at `index` of a page: relations are hydrated for the first rows only. */
export function hydrated(
	paths: ReadonlySet<ExpandPath>,
	index: number,
	switches: ArcusSwitches,
): ReadonlySet<ExpandPath> {
	if (index < switches.hydrationLimit) return paths;
	return new Set([...paths].filter((path) => !switches.hydrationPaths.includes(path)));
}
