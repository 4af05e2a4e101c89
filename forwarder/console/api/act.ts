/** What a person may tell the process to do. */
import type { Failure } from './types';

export type Acted = { ok: true; answer: Record<string, unknown> } | { ok: false; failure: Failure };

export async function act(method: 'POST' | 'DELETE', path: string, body: object = {}): Promise<Acted> {
	const request = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
	const answer = await fetch(path, request).catch(() => undefined);
	if (!answer) return failed('The process cannot be reached, so nothing may have been done.');
	const said = (await answer.json().catch(() => ({}))) as { error?: Failure };
	if (answer.ok) return { ok: true, answer: said as Record<string, unknown> };
	return said.error ? { ok: false, failure: said.error } : failed(`It answered ${answer.status}.`);
}

const failed = (what: string): Acted => ({ ok: false, failure: { what } });
