/**
 * Filters that are applied here because the API may not: free text (the name of its parameter, `search`, could not be
 * verified) and values that are seen in entries but not documented as filters.
 */
import { object, text } from '../../core/record/attributes';
import { httpFailure, type ListElement } from '../list';
import { ACTOR_TYPES, OUTCOMES, SEVERITIES } from './types';
import type { AuditLogEntry, EntryFilter, EntryPage } from './types';

export type Test = (entry: ListElement<AuditLogEntry>) => boolean;

/** Every word of `search` somewhere in description, action or resource label, whatever its case. */
function containing(search: string): Test {
	const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
	return ({ json }) => {
		const { description, action, resource } = object(json);
		const place = [description, action, object(resource).label]
			.map((part) => text(part) ?? '')
			.join('\n')
			.toLowerCase();
		return wanted.every((word) => place.includes(word));
	};
}

/** Parts the three enum filters into what the API documents and what has to be tested here. */
export function enumFilters(filter: EntryFilter): { sent: Record<string, string | undefined>; tests: Test[] } {
	const sent: Record<string, string | undefined> = {};
	const tests: Test[] = [];
	const add = (name: string, value: string | undefined, known: readonly string[], of: (entry: unknown) => unknown) => {
		if (value === undefined) return;
		if (known.includes(value)) sent[name] = value;
		else tests.push(({ json }) => of(json) === value);
	};
	add('actor_type', filter.actorType, ACTOR_TYPES, (entry) => object(object(entry).actor).type);
	add('severity', filter.severity, SEVERITIES, (entry) => object(entry).severity);
	add('outcome', filter.outcome, OUTCOMES, (entry) => object(entry).outcome);
	return { sent, tests };
}

type Unsearched = Omit<EntryPage, 'filteredHere'>;
type Read = (search: string | undefined) => Promise<Unsearched>;

/**
 * Searches on the server as long as that works. It does not when the parameter is answered with 400, or ignored: then the
 * page with it holds strangers and is the same page as without it. Both are remembered.
 */
export function searcher(): (search: string, read: Read) => Promise<{ page: Unsearched; test?: Test }> {
	let where: 'unknown' | 'server' | 'here' = 'unknown';
	return async (search, read) => {
		const test = containing(search);
		if (where === 'here') return { page: await read(undefined), test };
		const page = await read(search).catch((error: unknown) => {
			if (where === 'server' || !httpFailure(error, 400, 422)) throw error;
			return undefined;
		});
		if (!page) {
			// a refusal for another reason comes again, and is thrown
			const plain = await read(undefined);
			where = 'here';
			return { page: plain, test };
		}
		if (where === 'server' || page.elements.every(test)) return { page };
		const plain = await read(undefined);
		where = sameIds(page, plain) ? 'here' : 'server';
		return where === 'here' ? { page: plain, test } : { page };
	};
}

function sameIds(a: Unsearched, b: Unsearched): boolean {
	const ids = (page: Unsearched) => page.elements.map(({ id }) => id).join('\n');
	return ids(a) === ids(b);
}
