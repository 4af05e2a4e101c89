/** A stream of server-sent events, opened again and again until it is closed. */
import { createEventReader } from './events';
import type { ApiError } from './types';

export type StreamState = { state: 'connecting' | 'live' } | { state: 'lost'; since: number; why: string };

export interface Told {
	said(data: string): void;
	is(state: StreamState): void;
}

/** The process sends something every 15 s, be it a comment. */
const SILENCE_MS = 40_000;
const AGAIN_MS = [500, 1000, 2000, 5000];

export function openStream(paths: readonly string[], told: Told): () => void {
	const query = paths.map((path) => `path=${encodeURIComponent(path)}`).join('&');
	const closed = new AbortController();
	let failures = 0;
	let lostSince: number | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;

	async function open(): Promise<void> {
		const end = await followed().catch((error: Error) => error);
		if (closed.signal.aborted) return;
		lostSince ??= Date.now();
		told.is({ state: 'lost', since: lostSince, why: end instanceof TypeError ? 'it cannot be reached' : end.message });
		timer = setTimeout(() => void open(), AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)]);
	}

	/** Until it ends; why. */
	async function followed(): Promise<Error> {
		const silent = new AbortController();
		let silence: ReturnType<typeof setTimeout> | undefined;
		const heard = () => {
			clearTimeout(silence);
			silence = setTimeout(() => silent.abort(new Error('it is silent')), SILENCE_MS);
		};
		try {
			heard();
			const signal = AbortSignal.any([closed.signal, silent.signal]);
			const answer = await fetch(`/api/v1/live?${query}`, { signal });
			if (!answer.ok) return await refusal(answer);
			told.is({ state: 'live' });
			failures = 0;
			lostSince = undefined;
			const read = createEventReader(told.said);
			const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
			for (let part = await reader.read(); !part.done; part = await reader.read()) {
				heard();
				read(part.value);
			}
			return new Error('it has ended the connection');
		} finally {
			clearTimeout(silence);
		}
	}

	void open();
	return () => {
		clearTimeout(timer);
		closed.abort();
	};
}

async function refusal(answer: Response): Promise<Error> {
	if (answer.status === 401) return new Error('it asks who you are: load this page again');
	const { error } = (await answer.json().catch(() => ({}))) as Partial<ApiError>;
	return new Error(error?.what ?? `it answers ${answer.status}`);
}
