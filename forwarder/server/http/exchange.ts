/** What a handler is asked, and what it answers. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

export type Method = 'GET' | 'POST' | 'DELETE';

/** `none`: whether it works, without names. `read`: how everything is doing. `full`: also what events say, and changes. */
export type Authority = 'none' | 'read' | 'full';

export interface Asker {
	authority: Authority;
	/** For the record of what was changed. */
	by: string;
	/** A page of another origin had a browser ask this. */
	isForeign?: true;
	/** For answers that go on: keys are changed. Absent: nobody has to say who he is. */
	isStillKnown?: () => Promise<boolean>;
}

export interface Asked extends Asker {
	method: Method;
	path: string;
	/** Parts of the path, by the names that its pattern gives them. */
	params: Readonly<Record<string, string>>;
	query: URLSearchParams;
	headers: IncomingHttpHeaders;
	/** Rejects with `Refused` when it is not JSON, or too long. */
	body(): Promise<unknown>;
	/** Aborts when whoever asked is gone, and when the server closes. */
	signal: AbortSignal;
}

export interface WholeReply {
	status: number;
	type: string;
	body: string | Uint8Array;
	headers?: Readonly<Record<string, string>>;
}

/** An answer that goes on until `signal` of the question aborts, or the handler ends it. */
export interface StreamReply {
	type: string;
	stream: (response: ServerResponse) => void;
}

export type Reply = WholeReply | StreamReply;

export type Handler = (asked: Asked) => Reply | Promise<Reply>;

/** Answered with its status; in the API as `{ error: { what, fix } }`. */
export class Refused extends Error {
	override name = 'Refused';
	constructor(
		readonly status: number,
		readonly what: string,
		readonly fix?: string,
		readonly headers?: Readonly<Record<string, string>>,
	) {
		super(what);
	}
}

export function plainReply(status: number, text: string, headers?: WholeReply['headers']): WholeReply {
	return { status, type: 'text/plain; charset=utf-8', body: `${text}\n`, ...(headers && { headers }) };
}

export function jsonReply(value: unknown, status = 200, headers?: WholeReply['headers']): WholeReply {
	const body = `${JSON.stringify(value)}\n`;
	return { status, type: 'application/json; charset=utf-8', body, ...(headers && { headers }) };
}

export function refusal({ status, what, fix, headers }: Refused, path: string): WholeReply {
	return path.startsWith('/api/')
		? jsonReply({ error: { what, ...(fix !== undefined && { fix }) } }, status, headers)
		: plainReply(status, fix === undefined ? what : `${what}: ${fix}`, headers);
}
