/** What a person may tell the process to do. */
import { sentences } from '../format';
import type { ApiError, Failure } from './types';
import { urlOf } from './url';

export type Acted = { ok: true; answer: Record<string, unknown> } | { ok: false; failure: Failure };

export async function act(method: 'POST' | 'DELETE', path: string, body: object = {}): Promise<Acted> {
	const headers = { 'content-type': 'application/json' };
	const answer = await fetch(urlOf(path), { method, headers, body: JSON.stringify(body) }).catch(() => undefined);
	if (!answer) return failed('The process cannot be reached, or did not answer: look whether it was done.');
	const said = (await answer.json().catch(() => ({}))) as Partial<ApiError>;
	if (answer.ok) return { ok: true, answer: said as Record<string, unknown> };
	return said.error ? { ok: false, failure: said.error } : failed(`It answered ${answer.status}.`);
}

const failed = (what: string): Acted => ({ ok: false, failure: { what } });

/** For people, in the words of the process where it has some. */
export function outcomeOf(acted: Acted, done: string): string {
	if (!acted.ok) return sentences(acted.failure.what, acted.failure.fix);
	const { message } = acted.answer;
	return typeof message === 'string' ? message : done;
}
