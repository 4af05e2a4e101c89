/** Plays one story: the real walk over the real provider, against the simulated API. What came of it is compared with what was there. */
import { sweep } from '../../core/walk/stream';
import { poll, type WalkDeps } from '../../core/walk/walk';
import type { Source, Transport } from '../../core/contract';
import type { TokenDoor } from '../../core/provider';
import { createDomain, polite } from '../../core/http/politeness';
import { readingJson } from '../../core/http/readJson';
import { renewing } from '../../core/http/renewing';
import { isCut } from '../../core/json/skim';
import { DAY, fromMillis } from '../../core/time';
import type { Readings } from '../../sandbox/declared/readings';
import type { Incident } from './incidents';
import { Crash, memory, type Memory } from './memory';
import { scene as sceneOf, type Scene } from './scene';
import type { Subject } from './subject';
import { held, lostAnswer, received, urlOf } from './wire';

export interface Outcome {
	/** Events that never arrived, and those that arrived more than once. */
	lost: number;
	repeated: number;
	/** The list was never read to its end. */
	isEndless: boolean;
	/** Events from long before the range were asked for. */
	readsHistory: boolean;
	/** Why the last poll failed. */
	failure?: string;
	/** A poll failed where a request should have been repeated. */
	isGivenUp: boolean;
	/** What the API refused because a client should not ask it. */
	complaint?: string;
	requests: number;
	/** Those of the last poll, which found nothing new. */
	quietRequests: number;
}

export const isGood = ({ lost, repeated, isEndless, readsHistory, isGivenUp, failure, complaint }: Outcome) =>
	lost + repeated === 0 &&
	!(isEndless || readsHistory || isGivenUp) &&
	failure === undefined &&
	complaint === undefined;

/** Far more than any of these stories needs. */
const MOST_REQUESTS = 600;
const MOST_PAGES = 100;
const MINUTE = 60_000;
const ROUNDS = 4;
const TRIES = 12;

class Endless extends Error {}

export async function play(
	subject: Subject,
	incident: Incident,
	readings: Partial<Readings>,
	extra?: Pick<Incident, 'between' | 'before'>,
): Promise<Outcome> {
	const { provider, settings } = subject;
	const scene = sceneOf(subject, { ...incident.readings, ...readings }, incident.skewMs);
	const { clock, api, start, latenessMs } = scene;
	incident.prepare?.(scene);
	const lower = fromMillis(incident.isBounded === 'old' ? scene.tooOld : start);
	const upper = fromMillis(clock.now() - 1000);
	const store = memory(
		fromMillis(start),
		incident.isBounded ? { windows: [{ lower, upper }], pages: 0, rejections: 0 } : undefined,
	);
	if (incident.crash) store.crash = incident.crash;
	let requests = 0;
	let tokenRequests = 0;
	let failure: string | undefined;
	let isEndless = false;
	let isGivenUp = false;
	/** Nothing happens any more: what is still to be read has to be read now. */
	let isOver = false;

	const answered: Transport = async (request) => {
		if (++requests > MOST_REQUESTS) throw new Endless('it does not end');
		clock.advance(1000);
		const instead = isOver ? undefined : (extra?.before ?? incident.before)?.(requests, scene);
		if (instead === 'no answer') throw lostAnswer(request);
		if (instead) return received(instead);
		const { secrets } = subject;
		const keys = tokens ? await tokens.authorize(secrets) : provider.authorize(secrets, settings);
		const headers = { ...keys, ...request.headers };
		const reply = api.handle({
			method: request.method,
			url: basePath(api.base) + urlOf(request),
			headers,
			body: request.body ?? '',
		});
		const changed = (isOver ? undefined : incident.after?.(reply, requests, scene)) ?? reply;
		if (changed === 'lost') throw lostAnswer(request);
		return held(request, received(changed), incident.holds?.(scene) ?? Infinity);
	};

	const post: TokenDoor['post'] = async (url, headers, body) => {
		const { pathname, search } = new URL(url);
		const asked = { method: 'POST', path: pathname } as const;
		const instead = isOver ? undefined : incident.token?.(++tokenRequests, scene);
		if (instead === 'no answer') throw lostAnswer(asked);
		return received(instead ?? api.handle({ ...asked, url: pathname + search, headers, body }));
	};
	const tokens = provider.tokens?.({ clock, post, sign: async () => 'c2lnbmVk' }, settings);
	const renewed = renewing(answered, tokens);
	const transport: Transport = async (request) => {
		const response = await renewed(request);
		return provider.answer?.(response, clock.now()) ?? response;
	};

	/** As after a start of the process. */
	function open(pageSize: number): Source {
		const domain = createDomain({ clock, random: () => 0.5, requestsPerMinute: 6000, retries: 2 });
		const call = polite(readingJson(transport, clock), domain);
		const { pageSize: usual, maxPageSize: most } = provider.defaults;
		const sizes = { pageSize: Math.min(pageSize, usual), ...(most > usual && { maxPageSize: pageSize * 4 }) };
		return provider.source(call, settings, sizes, { clock, baseUrl: api.base });
	}

	const reconcileMs = provider.defaults.reconcile?.spanMs;
	const options = {
		lateness: fromMillis(provider.lateness?.(settings) ?? provider.defaults.latenessMs),
		maxPages: MOST_PAGES,
		keepSeen: reconcileMs === undefined ? 0n : fromMillis(reconcileMs) + DAY,
	};
	const deps = (): WalkDeps => ({ source, store, clock, options });
	let pageSize = 5;
	let source = open(pageSize);

	/** Until it succeeds, as far as that is to be expected. */
	async function read(once: () => Promise<void> = () => poll(deps())): Promise<void> {
		for (let attempt = 0; attempt < TRIES && !isEndless; attempt++) {
			failure = undefined;
			try {
				await once();
				return;
			} catch (error) {
				if (error instanceof Endless) isEndless = true;
				else if (error instanceof Crash) source = open(pageSize);
				else [failure, isGivenUp] = [(error as Error).message, incident.isPassed === true];
				clock.advance(MINUTE);
			}
		}
	}

	async function lookAgain(spanMs: number): Promise<void> {
		const { watermark, start: first } = store.state;
		const from = watermark - fromMillis(spanMs);
		await sweep(deps(), { lower: from > first ? from : first, upper: watermark });
	}

	await read();
	for (let round = 0; round < ROUNDS && !isEndless; round++) {
		clock.advance(MINUTE);
		if (!incident.isBounded) scene.addNow(2);
		incident.between?.(scene);
		extra?.between?.(scene);
		if (incident.resizes) source = open((pageSize = pageSize === 5 ? 3 : 5));
		await read();
	}
	isOver = true;
	const isOfDays = subject.declaration.bounds.format === 'day' || api.readings.precision === 'days';
	store.crash = () => undefined;
	// what a poll has passed by now, no later one brings
	let before = 0;
	for (let round = 0; round < 2 && !isEndless; round++) {
		before = requests;
		clock.advance(2 * latenessMs + 60 * MINUTE);
		await read();
	}
	const quietRequests = requests - before;
	const found = compared(scene, store);
	// a second look must repeat nothing; what it finds is what came later than the lateness
	if (reconcileMs !== undefined && !isEndless && failure === undefined) await read(() => lookAgain(reconcileMs));
	const { lost, repeated } = compared(scene, store);
	return {
		lost: extra ? lost : found.lost,
		repeated,
		isEndless,
		isGivenUp,
		// days are wide, and asked for a few too many of
		readsHistory: !isOfDays && incident.isBounded !== 'old' && api.oldestListed < (start - 30 * MINUTE) * 1000,
		...(failure !== undefined && { failure }),
		...complaintOf(api.complaints),
		requests,
		quietRequests,
	};
}

function compared({ texts, promised, huge }: Scene, { shipped, invalid }: Memory): Pick<Outcome, 'lost' | 'repeated'> {
	const arrived = shipped.flatMap(({ raw }) => texts.get(raw) ?? []);
	const distinct = new Set(arrived);
	const told = new Set(invalid.filter(({ raw }) => isCut(raw)).map(({ id }) => id));
	return {
		lost: promised().filter(({ id }) => !distinct.has(id)).length + Math.max(0, huge - told.size),
		repeated: arrived.length - distinct.size,
	};
}

const complaintOf = ([first]: readonly string[]) => (first === undefined ? {} : { complaint: first });

const basePath = (base: string) => new URL(base).pathname.replace(/\/$/, '');
