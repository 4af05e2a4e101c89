/** A stream of server-sent events, opened again and again until it is closed. */
import { createEventReader } from './events';
import type { ApiError } from './types';
import { urlOf } from './url';

export type StreamState =
	| { state: 'connecting' | 'live' }
	/** `isOver`: it is not tried again. */
	| { state: 'lost'; since: number; why: string; isOver: boolean };

export interface Told {
	said(data: string): void;
	is(state: StreamState): void;
}

/** The process sends something every 15 s, be it a comment. */
const SILENCE_MS = 40_000;
const AGAIN_MS = [500, 1000, 2000, 5000];

/** When the process last said anything, in whichever stream: what the page shows is of then. */
let heardAt: number | undefined;

export function openStream(paths: readonly string[], told: Told): () => void {
	const query = paths.map((path) => `path=${encodeURIComponent(path)}`).join('&');
	const closed = new AbortController();
	let failures = 0;
	let failedSince: number | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;

	async function open(): Promise<void> {
		const end = await followed().catch((error: Error) => error);
		if (closed.signal.aborted) return;
		failedSince ??= Date.now();
		const why = end instanceof TypeError ? 'it cannot be reached' : end.message;
		// each attempt with an old key counts as a wrong one, and too many shut out everybody at this address
		const isOver = end instanceof Unknown;
		told.is({ state: 'lost', since: heardAt ?? failedSince, why, isOver });
		if (isOver) return;
		timer = setTimeout(() => void open(), AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)]);
	}

	/** Until it ends; why. */
	async function followed(): Promise<Error> {
		const silent = new AbortController();
		let silence: ReturnType<typeof setTimeout> | undefined;
		const listen = () => {
			clearTimeout(silence);
			silence = setTimeout(() => silent.abort(new Error('it is silent')), SILENCE_MS);
		};
		try {
			listen();
			const signal = AbortSignal.any([closed.signal, silent.signal]);
			const answer = await fetch(urlOf(`/api/v1/live?${query}`), { signal });
			if (!answer.ok) return await refusal(answer);
			told.is({ state: 'live' });
			failures = 0;
			failedSince = undefined;
			const read = createEventReader(told.said);
			const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
			for (let part = await reader.read(); !part.done; part = await reader.read()) {
				heardAt = Date.now();
				listen();
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

/** It does not know who asks. */
class Unknown extends Error {}

async function refusal(answer: Response): Promise<Error> {
	if (answer.status === 401) return new Unknown('it asks who you are: load this page again');
	const { error } = (await answer.json().catch(() => ({}))) as Partial<ApiError>;
	return new Error(error?.what ?? `it answers ${answer.status}`);
}
