/** `GET /api/v1/dead-letters`: what was not delivered, with its texts: for whoever may see what events say. */
import { toMillis } from '../../../core/time';
import type { StateAdmin } from '../../store/admin';
import type { LetterEntry, LetterFilter } from '../../store/deadLetters';
import type { LetterInfo, LetterPage } from './types';

/** Searched and paged are the newest: all others are for the command. */
const NEWEST = 1000;
const LONGEST = 100;

export async function letterPage(query: URLSearchParams, state: StateAdmin): Promise<LetterPage> {
	const q = (query.get('q') ?? '').toLowerCase();
	const offset = Math.min(wholeOf(query.get('offset'), 0), NEWEST);
	const limit = Math.min(wholeOf(query.get('limit'), 25), LONGEST);
	const { total, letters } = await state.listLetters(filterOf(query), NEWEST);
	const found = letters.filter(({ id, eventId, reason, detail }) =>
		[String(id), eventId, reason, detail].some((text) => text.toLowerCase().includes(q)),
	);
	const shown = found.slice(offset, offset + limit);
	const rows = await Promise.all(shown.map(async (one) => infoOf(one, (await state.letter(one.id))?.raw)));
	return { total: q === '' ? total : found.length, rows };
}

function filterOf(query: URLSearchParams): LetterFilter {
	const [stream, destination, reason] = ['source', 'destination', 'reason'].map((key) => query.get(key));
	return { ...(stream && { stream }), ...(destination && { destination }), ...(reason && { reason }) };
}

function infoOf({ id, at, stream, destination, reason, detail, eventId }: LetterEntry, text?: string): LetterInfo {
	const about = { id, at: toMillis(at), source: stream, reason, detail, eventId };
	return { ...about, ...(destination !== undefined && { destination }), ...(text !== undefined && { text }) };
}

function wholeOf(text: string | null, usual: number): number {
	return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : usual;
}
