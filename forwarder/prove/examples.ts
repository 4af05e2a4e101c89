/** What a declaration makes of the examples beside it, and what is wrong with that. */
import { isDeepStrictEqual } from 'node:util';
import type { HttpResponse, Page, SourceEvent } from '../../core/contract';
import { mapped, unhit, type Expected } from '../../providers/declared/example';
import { readingJson } from '../../core/http/readJson';
import { formatInstant, parseInstant } from '../../core/time';
import type { Declaration } from '../../providers/declared/form/declaration';
import { get, type Json } from '../../sandbox/declared/places';
import type { ExampleFiles } from './exampleFiles';
import { headerDifferences } from './exampleHeaders';
import { variantsOf, type Subject } from './subject';

export interface ExamplePage {
	name: string;
	/** The whole answer. */
	json: unknown;
	/** Names in lower case. Absent: they are not there. */
	headers?: HttpResponse['headers'];
	page?: Page;
	/** As its events are mapped. */
	records: readonly Expected[];
	/** Why it cannot be read. */
	failure?: string;
}

/** As the walk would read them. */
export async function readPages(subject: Subject, { pages }: Pick<ExampleFiles, 'pages'>): Promise<ExamplePage[]> {
	return Promise.all(
		pages.map(async ({ name, body, headers }) => {
			const known = { name, json: jsonOf(body), ...(headers && { headers }) };
			let failure: string | undefined;
			// an answer may be one of another log of the same API
			for (const one of [subject, ...variantsOf(subject)]) {
				try {
					const page = await pageOf(one, body, headers);
					return { ...known, page, records: mapped(one.declaration, one.provider, body).records };
				} catch (error) {
					failure ??= (error as Error).message;
				}
			}
			return { ...known, records: [], failure: failure! };
		}),
	);
}

/** When examples are read, where nothing says another time. */
const AT = Date.UTC(2026, 2, 2);
const OURS = 'https://example.test';

async function pageOf(
	{ provider, settings }: Subject,
	body: Uint8Array,
	headers: HttpResponse['headers'] = {},
): Promise<Page> {
	const clock = { now: () => AT };
	const call = readingJson(async () => ({ status: 200, headers, body }), clock);
	const door = { clock, baseUrl: OURS };
	const source = provider.source(call, settings, { pageSize: provider.defaults.pageSize }, door);
	return source.page({ lower: 0n }, undefined);
}

function jsonOf(body: Uint8Array): unknown {
	try {
		return JSON.parse(Buffer.from(body).toString());
	} catch {
		return undefined;
	}
}

export interface Difference {
	what: string;
	fix?: string;
}

/** What is wrong with the examples, or with what the declaration makes of them. */
export function differences(
	declaration: Declaration,
	read: readonly ExamplePage[],
	expected: string | undefined,
): Difference[] {
	const found: Difference[] = [];
	if (read.length === 0)
		return [{ what: 'there is no example', fix: 'Save an answer of the API beside the file, as <name>.page.json' }];
	for (const { name, page, failure } of read) {
		if (failure !== undefined) found.push({ what: `${name}: ${failure}` });
		for (const { reason } of page?.invalid ?? [])
			found.push({ what: `${name}: an element is not an event: ${reason}` });
	}
	const events = read.flatMap(({ page }) => page?.events ?? []);
	const named = events.filter(({ id }) => !id.startsWith('h:'));
	if (named.length < events.length)
		found.push({ what: `${events.length - named.length} events have no id`, fix: 'Look at event.id' });
	const twice = events.find(({ id }, index) => events.findIndex((other) => other.id === id) !== index);
	if (twice)
		found.push({
			what: `two events have the id ${twice.id}`,
			fix: 'Make the id of several members, or the two count as one event',
		});
	if (found.length === 0 && events.length === 0) found.push({ what: 'no example page has an event' });
	if (events.some(({ time }) => time < EARLIEST))
		found.push({
			what: `an example event is of ${formatInstant(events[0]!.time, 0).slice(0, 10)}`,
			fix: 'Look at event.timeAs',
		});
	const records = read.flatMap((one) => one.records);
	for (const name of unhit(declaration, records))
		found.push({ what: `no example event has ${name}`, fix: 'Add one, or name it under `untested`' });
	const { page } = declaration;
	if (page.at !== undefined && found.length === 0 && !read.some(({ json }) => get(json, page.at!) !== undefined))
		found.push({ what: `no example page has ${page.at}`, fix: 'Add a page that is not the last one' });
	if (found.length === 0) found.push(...headerDifferences(declaration, read, AT));
	found.push(...read.flatMap(({ name, page: one }) => orderProblems(name, one?.events ?? [], declaration)));
	return found.length > 0 ? found : compared(records, expected);
}

/** An example that is in the opposite order. */
function orderProblems(name: string, events: readonly SourceEvent[], { order }: Declaration): Difference[] {
	const steps = events.slice(1).map(({ time }, index) => (time > events[index]!.time ? 'oldest' : 'newest'));
	const [first] = steps;
	const isInOrder = new Set(events.map(({ time }) => time)).size === events.length && new Set(steps).size === 1;
	if (!isInOrder || first === order || (order !== 'oldest' && order !== 'newest')) return [];
	return [{ what: `${name} is ${first} first, and declared is ${order} first`, fix: `Declare order: ${first}` }];
}

/** No audit API has older ones; seconds that are read as milliseconds are of 1970. */
const EARLIEST = parseInstant('2001-01-01T00:00:00Z')!;

function compared(records: readonly Expected[], text: string | undefined): Difference[] {
	if (text === undefined)
		return [
			{ what: 'there are no expected records', fix: '--write-expected writes them; read them before you keep them' },
		];
	let expected: unknown;
	try {
		expected = JSON.parse(text);
	} catch {
		return [{ what: 'the expected records are not JSON' }];
	}
	if (!Array.isArray(expected)) return [{ what: 'the expected records are not a list' }];
	const found: Difference[] = [];
	if (expected.length !== records.length)
		found.push({ what: `${records.length} events, and ${expected.length} expected records` });
	for (const [index, record] of records.entries()) {
		const wanted = (expected as Partial<Expected>[])[index];
		if (wanted) found.push(...partsThatDiffer(record, wanted).map((what) => ({ what: `${record.id}: ${what}` })));
	}
	return found;
}

function partsThatDiffer(record: Expected, wanted: Partial<Expected>): string[] {
	const flat = ({ attributes = {}, ...rest }: Partial<Expected>): Json => ({ ...rest, ...attributes });
	const [is, should] = [flat(record), flat(wanted)];
	return [...new Set([...Object.keys(is), ...Object.keys(should)])]
		.filter((name) => !isDeepStrictEqual(is[name], should[name]))
		.map((name) => `${name} is ${JSON.stringify(is[name])}, expected ${JSON.stringify(should[name])}`);
}
