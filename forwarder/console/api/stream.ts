/** One stream of server-sent events, opened again and again until it is closed. */
import { createEventReader } from './events';
import { ask } from './login';
import type { ApiError, Failure } from './types';

/** What became of it. `refused`: the process answers, and says no. */
export type StreamState =
	{ state: 'connecting' | 'live' | 'refused' | 'locked' } | { state: 'lost'; since: number; why: string };

export interface Told {
	said(data: string): void;
	refused(failure: Failure): void;
	is(state: StreamState): void;
}

/** The process sends something more often than this, be it a comment. */
const SILENCE_MS = 40_000;
const AGAIN_MS = [500, 1000, 2000, 5000];
/** What was refused may be there after a reload. */
const REFUSED_MS = 5000;
/** While somebody scrolls, one follows upon another. */
const SETTLE_MS = 15;

export function openStream(path: string, told: Told): () => void {
	const closed = new AbortController();
	let failures = 0;
	let lostSince: number | undefined;
	let timer = setTimeout(() => void open(), SETTLE_MS);

	async function open(): Promise<void> {
		const silent = new AbortController();
		let silence: ReturnType<typeof setTimeout> | undefined;
		const heard = () => {
			clearTimeout(silence);
			silence = setTimeout(() => silent.abort(new Error('it is silent')), SILENCE_MS);
		};
		let end: StreamState | Error = new Error('it has ended the connection');
		try {
			heard();
			const signal = AbortSignal.any([closed.signal, silent.signal]);
			const answer = await ask(`/api/v1/live?path=${encodeURIComponent(path)}`, { signal });
			if (answer.ok) await follow(answer, heard);
			else end = await refusal(answer);
		} catch (error) {
			end = error instanceof TypeError ? new Error('it cannot be reached') : (error as Error);
		} finally {
			clearTimeout(silence);
		}
		if (closed.signal.aborted) return;
		if (end instanceof Error) {
			lostSince ??= Date.now();
			told.is({ state: 'lost', since: lostSince, why: end.message });
			timer = setTimeout(() => void open(), AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)]);
		} else {
			told.is(end);
			if (end.state === 'refused') timer = setTimeout(() => void open(), REFUSED_MS);
		}
	}

	async function follow(answer: Response, heard: () => void): Promise<void> {
		told.is({ state: 'live' });
		failures = 0;
		lostSince = undefined;
		const read = createEventReader((data, event) => {
			if (event === 'refused') told.refused((JSON.parse(data) as ApiError).error);
			else told.said(data);
		});
		const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
		for (let part = await reader.read(); !part.done; part = await reader.read()) {
			heard();
			read(part.value);
		}
	}

	async function refusal(answer: Response): Promise<StreamState | Error> {
		if (answer.status === 401) return { state: 'locked' };
		const { error } = (await answer.json().catch(() => ({}))) as Partial<ApiError>;
		if (!error || answer.status >= 500) return new Error(error?.what ?? `it answers ${answer.status}`);
		told.refused(error);
		return { state: 'refused' };
	}

	told.is({ state: 'connecting' });
	return () => {
		clearTimeout(timer);
		closed.abort();
	};
}
