/** What the providers answer: real event shapes, as small as servers send them, rendered once. */
import { providers, type ProviderName } from '../../providers/registry';
import { entries, sandboxNames } from '../../sandbox/entries';

/** No provider gives more events in one page of the requests that we make. */
export const PAGE = 100;

export interface Kind {
	events: readonly string[];
	/** Members of an event. */
	id: string;
	time: string;
	/** Member of an answer. */
	list: string;
	/** As asked for without a client. */
	path: string;
	/** Oldest first, with a token; else newest first, with ids as cursors. */
	ascending: boolean;
	/** Further settings that a source needs. */
	settings: Readonly<Record<string, string>>;
}

/** Those that the sandbox simulates. The first one stands for all where one is enough; it is there as data, too. */
export const SHAPES = sandboxNames.map((name) => entries[name].provider);

export const KINDS = Object.fromEntries(
	sandboxNames.map((name): [string, Kind] => {
		const { provider, settings, list, seed } = entries[name];
		const path = `${providers[provider].endpoint(settings)}?${list.size}=${PAGE}`;
		return [
			provider,
			{
				...{ events: seed.texts, id: seed.idKey, time: seed.timeKey, settings },
				...{ list: list.at, path, ascending: list.isAscending },
			},
		];
	}),
) as Readonly<Record<ProviderName, Kind>>;

export interface Shape {
	/** One event of the list: 0 is the first one that is given. */
	event(index: number): string;
	/** The answer that begins with this event. */
	page(index: number): Buffer;
	/** Header for readers that do not look into the page: the end of the next page's address. */
	after(index: number): { 'bench-next'?: string };
	/** Where the request wants to go on; undefined when it wants nothing that is there. */
	wanted(query: URLSearchParams): number | undefined;
}

const STEP_MS = 1000;
const DAY_MS = 86_400_000;
const DIGITS = 9;

/** `total` events, the newest of which is ten days old: second looks at the last days find nothing. */
export function shape(name: ProviderName, total: number, now = Date.now()): Shape {
	const newest = now - 10 * DAY_MS;
	const kind = KINDS[name];
	const { ascending } = kind;
	const timeOf = (index: number) => newest - (ascending ? total - 1 - index : index) * STEP_MS;
	const templates = kind.events.map((raw) => template(raw, kind));

	function event(index: number): string {
		const [before, between, after, idFirst] = templates[index % templates.length]!;
		const id = String(index).padStart(DIGITS, '0');
		const time = new Date(timeOf(index)).toISOString();
		return idFirst ? before + id + between + time + after : before + time + between + id + after;
	}

	return {
		event,
		page(index) {
			const end = Math.min(index + PAGE, total);
			const list: string[] = [];
			for (let at = index; at < end; at++) list.push(event(at));
			const more = end < total;
			const body = ascending
				? `{"events":[${list.join(',')}]${more ? `,"nextToken":"${end}"` : ''}}`
				: `{"object":"list","has_more":${more},"data":[${list.join(',')}]}`;
			return Buffer.from(body);
		},
		after(index) {
			const next = index + PAGE;
			if (next >= total) return {};
			return {
				'bench-next': ascending ? `&nextToken=${next}` : `&starting_after=${String(next - 1).padStart(DIGITS, '0')}`,
			};
		},
		wanted(query) {
			// n8n's HTTP Request node sends an empty one for the first page
			const after = query.get('nextToken') || query.get('starting_after') || null;
			const lower = query.get('timestampStart') ?? query.get('from') ?? query.get('start_date');
			if (lower !== null && Date.parse(lower) > newest) return undefined;
			const index = after === null ? 0 : ascending ? Number(after) : Number(after.slice(-DIGITS)) + 1;
			return index < total ? index : undefined;
		},
	};
}

type Template = [before: string, between: string, after: string, idFirst: boolean];

/** The text around the id's last digits and the time. */
function template(raw: string, fields: { id: string; time: string }): Template {
	const event = JSON.parse(raw) as Record<string, string>;
	const id = String(event[fields.id] ?? '').padEnd(22, '0');
	const [ID, TIME] = ['\u0001', '\u0002'];
	const text = JSON.stringify({ ...event, [fields.id]: ID, [fields.time]: TIME });
	const [ids, times] = [JSON.stringify(ID).slice(1, -1), JSON.stringify(TIME).slice(1, -1)];
	const filled = text.replace(ids, id.slice(0, -DIGITS) + ids);
	const idFirst = filled.indexOf(ids) < filled.indexOf(times);
	const [before, rest] = filled.split(idFirst ? ids : times);
	const [between, after] = rest!.split(idFirst ? times : ids);
	return [before!, between!, after!, idFirst];
}
