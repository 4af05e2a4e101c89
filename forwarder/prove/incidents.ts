/** What happens while a declared API is read: what makes some collector or other lose or repeat events. */
import type { Declaration } from '../../providers/declared/form/declaration';
import { json, type SimReply } from '../../sandbox/api';
import type { Readings } from '../../sandbox/declared/readings';
import type { Scene } from './scene';

export interface Incident {
	/** After "when". */
	name: string;
	/** What to declare when this loses or repeats events. */
	instead?: string;
	/** Default: always. */
	applies?: (declaration: Declaration) => boolean;
	readings?: Partial<Readings>;
	/** Before the first poll. */
	prepare?: (scene: Scene) => void;
	/** Between polls. */
	between?: (scene: Scene) => void;
	/** Before each request, counted from 1: what is answered instead, if anything is. */
	before?: (number: number, scene: Scene) => SimReply | 'no answer' | undefined | void;
	/** What becomes of the true answer. */
	after?: (reply: SimReply, number: number, scene: Scene) => SimReply | 'lost';
	/** Before each request for a token, as `before`. */
	token?: Incident['before'];
	/** Bytes of an answer that can be held. */
	holds?: (scene: Scene) => number;
	/** How far the clock of the API is ahead of ours. */
	skewMs?: number;
	crash?: (commit: number) => 'before' | 'after' | undefined;
	/** Asked for again at once: no poll fails for it. */
	isPassed?: boolean;
	/** Another number of elements from the second poll on. */
	resizes?: boolean;
	/** Reads a past span instead, with both bounds; `old`: from before what the API takes as a bound. */
	isBounded?: true | 'old';
}

const hasPosition = ({ page: { kind } }: Declaration) => kind === 'link' || kind === 'cursor' || kind === 'url';
const isFollowed = ({ page: { kind } }: Declaration) => kind === 'link' || kind === 'url';
const isLink = ({ page: { kind } }: Declaration) => kind === 'link';

const hasTokens = ({ auth: { tokenUrl } }: Declaration) => tokenUrl !== undefined;
const MINUTE = 60_000;

/** Every fourth request, for a while. */
const nowAndThen = (number: number) => number % 4 === 2 && number < 20;

export const INCIDENTS: readonly Incident[] = [
	{ name: 'nothing special happens' },
	{ name: 'events become visible late, within the lateness', between: (scene) => scene.addLate(0.9, 4) },
	{
		name: 'events are stored hours after they happened',
		applies: ({ bounds }) => bounds.on === 'stored',
		between: (scene) => scene.addStoredLate(),
	},
	{
		name: 'more events than a page holds share one instant',
		prepare: (scene) => scene.addBurst(17),
		between: (scene) => scene.addBurst(8),
	},
	{ name: 'events arrive between two pages', before: (number, scene) => (number < 40 ? scene.addNow(1) : undefined) },
	{ name: 'an event is dated an hour ahead', between: (scene) => scene.addAhead(3_600_000) },
	{ name: 'elements of the list are not events', prepare: (scene) => scene.addBroken() },
	{ name: 'an event is listed again with another text', between: (scene) => scene.alter() },
	{
		name: 'an answer fails, breaks off, or is something else than the list',
		// where an empty list is not there, an answer with nothing in it is one
		before: (number, { isEmptySaid }) => (number === 2 && !isEmptySaid ? json(200, {}) : ODD[number]),
		after: (reply, number) => (number === 4 ? { ...reply, body: reply.body.slice(0, reply.body.length / 2) } : reply),
	},
	{
		name: 'pages are shorter than asked for',
		applies: (declaration) => hasPosition(declaration) || declaration.page.kind === 'lastId',
		readings: { pages: 'short' },
	},
	{
		name: 'a page is empty and not the last one',
		applies: (declaration) => hasPosition(declaration) && !declaration.page.end?.emptyPage,
		readings: { pages: 'gaps' },
	},
	{
		name: 'an answer is lost on its way',
		isPassed: true,
		after: (reply, number) => (number === 1 || number === 6 ? 'lost' : reply),
	},
	{
		name: 'an answer says that it is not complete',
		applies: ({ incomplete, list }) => incomplete !== undefined && list?.at !== undefined,
		after: (reply, number, scene) => (number === 2 || number === 5 ? scene.incomplete() : reply),
	},
	{
		name: 'the answer is 429 with Retry-After',
		isPassed: true,
		before: (number, { clock }) => {
			const until = number % 8 === 2 ? '30' : new Date(clock.now() + 30_000).toUTCString();
			return nowAndThen(number) ? json(429, { message: 'too many requests' }, { 'retry-after': until }) : undefined;
		},
	},
	...[429, 403].map((status): Incident => ({
		name: `the answer is ${status} with the declared header for the reset`,
		isPassed: true,
		applies: ({ limits }) =>
			limits.reset !== undefined && (limits.limited ?? [429]).some((one) => String(one).startsWith(String(status))),
		before: (number, scene) => (nowAndThen(number) ? scene.limit(status) : undefined),
	})),
	{
		name: 'a token ends before its time',
		applies: hasTokens,
		readings: { tokensLast: 6000 },
	},
	{
		name: 'no token is given for a while',
		applies: hasTokens,
		readings: { tokensLast: 6000 },
		// three in a row: longer than a request is repeated
		token: (number) => (number % 6 > 2 ? (number % 2 ? json(503, { error: 'unavailable' }) : 'no answer') : undefined),
	},
	{
		name: 'requests for a token are limited',
		isPassed: true,
		applies: hasTokens,
		readings: { tokensLast: 6000 },
		token: (number) => (number % 3 === 2 ? json(429, { error: 'slow_down' }, { 'retry-after': '30' }) : undefined),
	},
	{
		name: 'a token is long on its way',
		isPassed: true,
		applies: hasTokens,
		readings: { tokensLast: 60_000 },
		token: (_number, { clock }) => clock.advance(40_000),
	},
	{
		name: 'a position is refused',
		applies: hasPosition,
		before: (number, { api }) => void (number === 3 && api.forgetPositions()),
	},
	{
		name: 'positions are refused again and again',
		applies: hasPosition,
		before: (number, { api }) => void (number % 4 === 0 && number < 40 && api.forgetPositions()),
	},
	{
		name: 'the event that the position names is deleted',
		applies: ({ page }) => page.kind === 'lastId',
		before: (number, scene) => void (number === 3 && scene.removeLastListed()),
	},
	{
		name: 'the process ends before or after a commit',
		crash: (commit) => (commit % 5 === 2 ? 'before' : commit % 5 === 4 ? 'after' : undefined),
	},
	{ name: 'the page size is changed', applies: ({ page }) => page.size !== undefined, resizes: true },
	{ name: 'a past span is read', isBounded: true, prepare: (scene) => scene.addBurst(7) },
	{
		name: 'a past span is read that begins before the API takes a bound',
		isBounded: 'old',
		applies: ({ bounds }) => bounds.oldest !== undefined,
	},
	{
		name: 'the next page is said to be on another host',
		applies: isFollowed,
		after: (reply, number, scene) => (number === 2 || number === 3 ? scene.elsewhere(reply) : reply),
	},
	{ name: 'the link is one of several', applies: isLink, readings: { link: 'amongOthers' } },
	{ name: 'the links come in two headers', applies: isLink, readings: { link: 'twoHeaders' } },
	{ name: 'the link has no quotes', applies: isLink, readings: { link: 'unquoted' } },
	{ name: 'the next address is relative', applies: isFollowed, readings: { link: 'relative' } },
	{
		name: 'the next address is in other letters',
		applies: ({ page }) => page.kind === 'url',
		readings: { path: 'upperCase' },
	},
	{
		name: 'a position has characters in it that addresses reserve',
		applies: hasPosition,
		readings: { position: 'awkward', link: 'commas' },
	},
	{ name: 'a position is very long', applies: hasPosition, readings: { position: 'long' } },
	{
		name: 'a position is a number that a double cannot hold',
		applies: ({ page }) => page.kind === 'cursor',
		readings: { position: 'number' },
	},
	{
		name: 'an empty list is not there',
		applies: ({ list }) => list?.missing === 'empty',
		readings: { emptyList: 'absent' },
	},
	...[-10, 10].map((minutes): Incident => ({
		name: `the clock of the API is 10 minutes ${minutes < 0 ? 'behind' : 'ahead of'} ours`,
		skewMs: minutes * MINUTE,
		between: (scene) => scene.addLate(0.9, 4),
	})),
	{
		name: 'an answer is larger than can be held',
		isPassed: true,
		prepare: (scene) => scene.addBurst(4),
		holds: ({ longest }) => 3 * longest + AROUND,
	},
	{
		name: 'an event is larger than can be held',
		isPassed: true,
		prepare: (scene) => scene.addHuge(30 * scene.longest + AROUND),
		holds: ({ longest }) => 30 * longest + AROUND,
	},
	...['-12:00', '+14:00'].map((zone): Incident => ({
		name: `days are those of the zone ${zone}, and bounds exclusive`,
		applies: ({ bounds }) => bounds.format === 'day',
		readings: { lower: 'exclusive', upper: 'exclusive', zoneHours: parseInt(zone, 10) },
		between: (scene) => scene.addLate(0.9, 4),
	})),
	{
		name: 'bounds are exclusive',
		readings: { lower: 'exclusive', upper: 'exclusive' },
		prepare: (scene) => scene.addBurst(3),
	},
	{ name: 'bounds are cut to seconds', readings: { precision: 'seconds' }, prepare: (scene) => scene.addBurst(3) },
];

/** Bytes of an answer besides its events. */
const AROUND = 500;

const ODD: Partial<Record<number, SimReply | 'no answer'>> = {
	3: json(500, { message: 'oops' }),
	5: 'no answer',
	7: { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' },
	9: json(200, { error: { message: 'try again later' } }),
};

export const incidentsFor = (declaration: Declaration) =>
	INCIDENTS.filter(({ applies }) => applies?.(declaration) ?? true);
