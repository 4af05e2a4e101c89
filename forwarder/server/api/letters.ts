/** What was not delivered, with its text: a page of it to look at, and all of it to take along. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../core/contract';
import { fromMillis, toMillis } from '../../../core/time';
import { several } from '../../store/actions';
import type { StateAdmin } from '../../store/admin';
import type { LetterFilter, LetterRead } from '../../store/deadLetters';
import { letterJson } from '../../store/letterJson';
import { authorized, onRecord } from '../http/authorized';
import { jsonReply, Refused } from '../http/exchange';
import type { Routes } from '../http/router';
import { letterFilter, MOST_SEARCHED, whole } from './query';
import type { LetterInfo, LetterPage } from './types';

export interface LetterDeps {
	clock: Clock;
	state: () => Promise<StateAdmin>;
	onError: (error: unknown, path: string) => void;
}

const LIMIT = 25;
const LONGEST = 100;
/** One that was too large for its receiver may have megabytes. */
const TEXT_LENGTH = 20_000;
/** Somebody waits for it. */
const SEARCH_MS = 5_000;

export function letterRoutes({ clock, state, onError }: LetterDeps): Routes {
	const list = authorized(async ({ query }) => {
		const offset = whole(query, 'offset', 0, Number.MAX_SAFE_INTEGER);
		const slice = {
			offset,
			limit: whole(query, 'limit', LIMIT, LONGEST, 1),
			textLength: TEXT_LENGTH,
			limitMs: SEARCH_MS,
		};
		const { total, letters, looked } = await (await state()).readLetters(filterOf(query), slice);
		return jsonReply({ total, rows: letters.map(letterInfo), ...(looked && { looked }) } satisfies LetterPage);
	});

	const exported = onRecord(async ({ query, by, path, signal }) => {
		const opened = await state();
		const ids = (await opened.findLetters(filterOf(query))).map(({ id }) => id);
		// kept before the first text leaves: whoever breaks off has seen some too
		const who = { by, at: fromMillis(clock.now()) };
		if (ids.length > 0) await opened.note(`dead-letters export: ${several(ids.length, 'dead letter')}`, who);
		return {
			type: 'application/x-ndjson; charset=utf-8',
			stream(response) {
				write(opened, ids, response, signal).then(
					() => response.end(),
					(error: unknown) => {
						if (!signal.aborted) onError(error, path);
						// an end would make a part look like all of it
						response.destroy();
					},
				);
			},
		};
	});

	return {
		'/api/v1/dead-letters': { GET: list },
		'/api/v1/dead-letters/export': { GET: exported },
	};
}

/** One at a time, as fast as they are taken: nobody knows how many there are, and how large. */
async function write(
	state: Pick<StateAdmin, 'letter'>,
	ids: readonly number[],
	response: ServerResponse,
	signal: AbortSignal,
): Promise<void> {
	response.flushHeaders();
	for (const id of ids) {
		signal.throwIfAborted();
		const letter = await state.letter(id);
		// somebody has settled it meanwhile
		if (!letter) continue;
		if (!response.write(`${JSON.stringify(letterJson(letter))}\n`)) await once(response, 'drain', { signal });
	}
}

/** Throws `Refused`. */
function filterOf(query: URLSearchParams): LetterFilter {
	const given = (key: string) => query.get(key) || undefined;
	const q = given('q');
	if (q !== undefined && q.length > MOST_SEARCHED)
		throw new Refused(400, 'q: is too long', `Give at most ${MOST_SEARCHED} characters`);
	return letterFilter({ source: given('source'), destination: given('destination'), reason: given('reason'), q });
}

function letterInfo(letter: LetterRead): LetterInfo {
	const { id, at, stream: source, destination, reason, detail, eventId, raw: text, isCut } = letter;
	return {
		...{ id, at: toMillis(at), source },
		...(destination !== undefined && { destination }),
		...{ reason, detail, eventId, text },
		...(isCut && { isCut: true as const }),
	};
}
