/**
 * By which names the status server may be asked. A page of somebody else, open in a browser that reaches this server, could have its own
 * name resolve to our address and read the answers (DNS rebinding). For that it needs a name that it controls, so an address is harmless.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** @param host header of the request; absent only in HTTP/1.0, which no browser speaks */
export function mayAsk(host: string | undefined, known: readonly string[]): boolean {
	if (host === undefined) return true;
	const name = nameOf(host);
	return isIP(name) !== 0 || /^(.+\.)?localhost$/.test(name) || known.some((one) => nameOf(one) === name);
}

/** Whether a page of another origin is behind it. Browsers say so with everything that is not a plain visit; nobody else does. */
export function isForeign(headers: IncomingHttpHeaders, known: readonly string[]): boolean {
	const { origin, host, 'sec-fetch-site': site } = headers;
	if (origin !== undefined) {
		const from = URL.parse(origin)?.host;
		// a proxy may ask by another name than the browser did
		if (from === undefined || (from !== host && !known.some((one) => nameOf(one) === nameOf(from)))) return true;
	}
	return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Without port, brackets and the dot at the end of a full name. */
function nameOf(host: string): string {
	const [, inBrackets, plain = ''] = /^(?:\[(.*)\]|(.*?))\.?(?::\d*)?$/.exec(host.toLowerCase()) ?? [];
	return inBrackets ?? plain;
}
