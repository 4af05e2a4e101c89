/** What people may have done by the running process. Each is kept among the state's actions with who it was; the owner of the state logs it. */
import type { Clock, Nanos } from '../../../core/contract';
import { formatInstant, fromMillis } from '../../../core/time';
import type { Known } from '../../run/known';
import { pausedAs } from '../../run/paused';
import { agreed, readRange, type Agreed } from '../../run/range';
import { whyNotRetried } from '../../run/retryable';
import type { WishReader } from '../../run/wishes';
import type { StateAdmin } from '../../store/admin';
import type { Wish } from '../../store/wishes';
import { changing } from '../http/authorized';
import { jsonReply, Refused, type Asked, type Handler, type Reply } from '../http/exchange';
import type { Routes } from '../http/router';
import { bodyOf, lettersOf, Note, Range } from './bodies';
import type { ActionDone } from './types';
import type { View } from './view';

export interface ActionDeps {
	clock: Clock;
	view: () => Promise<View>;
	/** Those that are configured. */
	known: { readonly [part in 'sources' | 'destinations']: Pick<Known[part], 'has' | 'get'> };
	state: () => Promise<StateAdmin>;
	wishes: Pick<WishReader, 'carryOut' | 'lookSoon'>;
	/** Several processes share the state: what this one does not have, another one does. */
	isShared: boolean;
}

/** Whoever has it carries it out with its next beat. */
const ELSEWHERE = 'the worker that has the source does it with its next beat';

export function actionRoutes({ clock, view, known, state, wishes, isShared }: ActionDeps): Routes {
	const whoOf = ({ by }: Asked) => ({ by, at: fromMillis(clock.now()) });
	const act = (handler: Handler) => changing(handler);

	function source({ params }: Asked): string {
		const name = params['name']!;
		if (known.sources.has(name)) return name;
		throw new Refused(404, `there is no source ${JSON.stringify(name)}`, 'GET /api/v1/sources lists them');
	}

	const isHere = async (name: string) =>
		(await view()).snapshot.streams.some((one) => one.name === name && one.worker === undefined);
	const pausedNames = async () => new Set((await (await state()).pausedSources()).map((one) => one.source));

	/** Of several, each finds it in the state, and whoever has it does it: this one without waiting for its next beat. */
	async function carriedOut(wish: Wish, asked: Asked): Promise<void> {
		await (await state()).wish(wish, whoOf(asked));
		if (isShared) wishes.lookSoon();
		else wishes.carryOut(wish);
	}

	async function doneBy(name: string, message: string): Promise<Reply> {
		return (await isHere(name)) ? done({ message }) : done({ message: ELSEWHERE }, 202);
	}

	const pause = act(async (asked) => {
		const name = source(asked);
		const { note } = await bodyOf(asked, Note);
		const { sources } = await (await state()).pauseSources([name], note || undefined, whoOf(asked));
		wishes.lookSoon();
		if (sources.length === 0) return done({ message: `${name} was paused already` });
		return doneBy(name, `nothing is read of ${name} until somebody resumes it; what was read is still shipped`);
	});

	const resume = act(async (asked) => {
		const name = source(asked);
		// a source with several logs is paused with all of them
		const names = pausedAs(name, await pausedNames());
		const { sources } = await (await state()).resumeSources(names, whoOf(asked));
		wishes.lookSoon();
		if (sources.length === 0) return done({ message: `${name} was not paused` });
		return doneBy(name, `${sources.join(', ')}: read again, from where it was`);
	});

	const poll = act(async (asked) => {
		const name = source(asked);
		if (pausedAs(name, await pausedNames()).length > 0) throw new Refused(409, `${name} is paused`, 'Resume it');
		await carriedOut({ kind: 'poll', source: name }, asked);
		return doneBy(name, `${name} is polled now, as soon as its rate limit allows it`);
	});

	const probe = act(async (asked) => {
		const name = asked.params['name']!;
		if (!known.destinations.has(name)) throw new Refused(404, `there is no destination ${JSON.stringify(name)}`);
		await carriedOut({ kind: 'probe', destination: name }, asked);
		return done({ message: `${name} is asked now whether it accepts events` });
	});

	const backfill = act(async (asked) => {
		const name = source(asked);
		const opened = await state();
		const now = clock.now();
		const range = readRange(await bodyOf(asked, Range), now);
		if ('mistake' in range) throw new Refused(400, `${range.key}: ${range.mistake}`, range.fix);
		const start = (await opened.positions()).find((one) => one.name === name)?.start;
		if (start === undefined) throw new Refused(409, `${name} was never read`, 'Try again after its first poll');
		const unfinished = (await opened.backfills()).find(({ stream, ended }) => stream === name && ended === undefined);
		const found = agreed(range, start, unfinished);
		if (found.kind === 'goOn') return done({ id: found.job.id, message: 'this back-fill runs already' });
		if (found.kind !== 'begin') throw cannotBegin(found, name, start);
		const { from, to } = found;
		if (!(await opened.askForBackfill({ stream: name, asked: range.text, from, to }, whoOf(asked))))
			throw new Refused(409, `another back-fill of ${name} has just begun`);
		const job = (await opened.backfills()).find(({ stream, ended }) => stream === name && ended === undefined);
		return done({ ...(job && { id: job.id }), message: `begins within seconds; ${name} is polled meanwhile` }, 202);
	});

	const cancel = act(async (asked) => {
		const name = source(asked);
		const opened = await state();
		const job = (await opened.backfills()).find(({ stream }) => stream === name);
		if (!job || String(job.id) !== asked.params['id']) throw new Refused(404, 'there is no such back-fill');
		if (!(await opened.cancelBackfill(name, whoOf(asked)))) throw new Refused(409, 'it has ended already');
		return done({ message: 'cancelled; what was read is shipped' });
	});

	const retry = act(async (asked) => {
		const which = await lettersOf(asked);
		const refuse = whyNotRetried(known, clock.now());
		const { letters, refused } = await (await state()).retryLetters(which, refuse, whoOf(asked));
		return done({ letters, refused });
	});

	const discard = act(async (asked) => {
		const which = await lettersOf(asked);
		const destinationsOf = (stream: string) => known.sources.get(stream)?.destinations ?? [];
		const { letters } = await (await state()).discardLetters(which, whoOf(asked), destinationsOf);
		return done({ letters });
	});

	return {
		'/api/v1/sources/:name/pause': { POST: pause },
		'/api/v1/sources/:name/resume': { POST: resume },
		'/api/v1/sources/:name/poll': { POST: poll },
		'/api/v1/sources/:name/backfills': { POST: backfill },
		'/api/v1/sources/:name/backfills/:id': { DELETE: cancel },
		'/api/v1/destinations/:name/probe': { POST: probe },
		'/api/v1/dead-letters/retry': { POST: retry },
		'/api/v1/dead-letters/discard': { POST: discard },
	};
}

function cannotBegin({ kind }: Exclude<Agreed, { kind: 'goOn' | 'begin' }>, name: string, start: Nanos): Refused {
	switch (kind) {
		case 'another':
			return new Refused(409, `another back-fill of ${name} is not finished`, 'Cancel it, or wait for it');
		case 'tooLate':
			return new Refused(400, `events from ${formatInstant(start, 0)} on are read already`, 'from: an earlier time');
		case 'empty':
			return new Refused(400, 'from: is not earlier than to');
		case 'noFrom':
			return new Refused(400, 'from: is missing');
	}
}

/** 202: another process has yet to do it. */
function done(answer: Omit<ActionDone, 'ok'>, status: 200 | 202 = 200): Reply {
	return jsonReply({ ok: true, ...answer } satisfies ActionDone, status);
}
