/**
 * An audit API that exists only as a declaration, answering as the declaration says, and in each way that it leaves open.
 * Shares no code with the engine that reads declarations: an independent reading of the same file.
 */
import type { Declaration } from '../../providers/declared/form/declaration';
import {
	dated,
	json,
	parseCall,
	type Call,
	type Clock,
	type SimReply,
	type SimRequest,
	type SimulatedApi,
} from '../api';
import { eventLog, type EventLog, type StoredEvent } from '../eventLog';
import { write } from './answer';
import { rangeProblem } from './bounds';
import { ask, positionParameter, type Ask } from './ask';
import { isAuthorized, tokenAnswer, type Tokens } from './auth';
import { maker, type Maker } from './events';
import { fill, valuesFor, type Json, type Values } from './places';
import type { Micros } from '../time';
import { plain, type Readings } from './readings';
import { positions } from './positions';
import { rowsAt } from './rows';

export interface DeclaredOptions {
	readonly declaration: Declaration;
	readonly clock: Clock;
	readonly settings?: Values;
	readonly secrets?: Values;
	/** Events as the API writes them. */
	readonly examples?: readonly Json[];
	readonly readings?: Partial<Readings>;
	/** Where it is reached: for addresses in its answers. Default: what is declared. */
	readonly baseUrl?: string;
}

export interface DeclaredApi extends SimulatedApi {
	readonly log: EventLog;
	/** May be changed between requests. */
	readonly readings: Readings;
	readonly maker: Maker;
	/** In front of every path. */
	readonly origin: string;
	readonly base: string;
	/** The last element that was given out. */
	readonly lastListed: StoredEvent | undefined;
	/** The oldest one. */
	readonly oldestListed: Micros;
	/** Why requests were refused that a client should not have sent. */
	readonly complaints: string[];
	/** Takes back every position that was given out. */
	forgetPositions(): void;
}

export function declaredApi(options: DeclaredOptions): DeclaredApi {
	const { declaration, clock, settings = {}, secrets = {}, examples = [] } = options;
	const values = valuesFor(declaration, settings);
	const readings: Readings = { ...plain, ...options.readings };
	const log = eventLog();
	const makes = maker(declaration, values, examples);
	const given = positions(declaration, readings, log, makes);
	const complaints: string[] = [];
	const tokens: Tokens = new Map();
	const base = options.baseUrl ?? fill(declaration.baseUrl, values);
	const { page, request: declared } = declaration;
	const folder = new URL(base).pathname.replace(/\/$/, '');
	const [path, laterPath] = [declared.path, page.path ?? declared.path].map((one) => folder + fillPath(one, values));
	let lastListed: StoredEvent | undefined;
	let oldestListed = Infinity;
	let lists = 0;

	function complain(status: number, message: string): SimReply {
		complaints.push(message);
		return json(status, { message });
	}

	function handle(request: SimRequest): SimReply {
		const call = parseCall(request);
		const token = tokenAnswer(call, declaration, values, secrets, tokens, clock.now(), readings);
		if (token) return token;
		if (!isAuthorized(call, declaration, values, secrets, tokens, clock.now()))
			return json(401, { message: 'no such key' });
		if (![path, laterPath].some((one) => isSame(call.path, one!)))
			return complain(404, `there is nothing at ${call.path}`);
		if (call.method !== (declared.method ?? 'GET')) return complain(405, `not by ${call.method}`);
		const asked = ask(call, declaration, values);
		if ('status' in asked) return complain(asked.status, asked.message);
		if (!isSame(call.path, asked.position === undefined ? path! : laterPath!))
			return complain(404, `${call.path} is not the path of this page`);
		return list(asked, call);
	}

	function list(asked: Ask, call: Call): SimReply {
		const now = clock.now();
		const most = page.maxSize ?? page.size;
		if (asked.size !== undefined && (!(asked.size >= 1) || (most !== undefined && asked.size > most)))
			return complain(400, `a page may have 1 to ${most} elements`);
		const wanted = page.kind === 'none' ? Infinity : (asked.size ?? readings.serverPageSize);
		const isOdd = ++lists % 3 === 2;
		const size = isOdd && readings.pages === 'short' ? Math.ceil(wanted / 2) : wanted;
		const place = given.place(asked, size, now);
		if ('status' in place)
			return place.isOurs ? json(place.status, { message: place.message }) : complain(place.status, place.message);
		const problem = rangeProblem(place.filters, declaration, now);
		if (problem) return complain(400, problem);
		const listed = rowsAt(log, now, place, size, declaration, readings);
		const isGap = isOdd && readings.pages === 'gaps' && !listed.isLast;
		const found = isGap ? { ...listed, rows: [] } : listed;
		lastListed = found.rows.at(-1) ?? lastListed;
		oldestListed = Math.min(oldestListed, ...found.rows.map(({ micros }) => micros));
		const position = given.next(asked, place, found);
		const address = (one: string) => addressOf(call, one);
		const { body, headers } = write(
			{ ...found, ...(position !== undefined && { position }), address },
			declaration,
			readings,
		);
		return { status: 200, headers: { 'content-type': 'application/json', ...headers }, body };
	}

	/** All of the query comes back with the position in it, unless positions go alone. */
	function addressOf(call: Call, position: string): string {
		const name = positionParameter(declaration);
		const query = new URLSearchParams(page.repeat === 'none' || readings.filters === 'refused' ? [] : [...call.query]);
		query.set(name, position);
		const where = readings.path === 'upperCase' ? call.path.toUpperCase() : call.path;
		const text = query.toString();
		return `${new URL(base).origin}${where}?${readings.link === 'commas' ? text.replaceAll('%2C', ',') : text}`;
	}

	return {
		log,
		readings,
		maker: makes,
		complaints,
		origin: new URL(base).origin,
		base: base.replace(/\/$/, ''),
		get lastListed() {
			return lastListed;
		},
		get oldestListed() {
			return oldestListed;
		},
		forgetPositions: () => given.forget(),
		handle: (request) => dated(handle(request), clock, 0),
	};
}

const isSame = (path: string, other: string) =>
	decodeURIComponent(path).toLowerCase() === decodeURIComponent(other).toLowerCase();

function fillPath(path: string, values: Values): string {
	return path.replace(/\{([\w.]+)\}/g, (place, name: string) => encodeURIComponent(values[name] ?? place));
}
