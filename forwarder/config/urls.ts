/** Which URLs may be used: a key must not cross a network in clear text by mistake. */

export type UrlCheck = { ok: true; url: URL } | { ok: false; what: string; fix: string };

export function checkUrl(text: string, allowInsecure: boolean, owner: 'source' | 'destination'): UrlCheck {
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		return { ok: false, what: 'is not a URL', fix: 'Write https://host or https://host:port' };
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:') {
		return { ok: false, what: `has the scheme ${url.protocol}`, fix: 'Write https://host or https://host:port' };
	}
	if (url.username || url.password) {
		return {
			ok: false,
			what: 'holds a user name or password',
			fix:
				owner === 'source'
					? 'Secrets belong into the settings of the source, as references'
					: 'Use an authorization header with a reference',
		};
	}
	if (url.search || url.hash)
		return { ok: false, what: 'has a query or a fragment', fix: 'Remove what follows ? or #' };
	if (url.protocol === 'http:' && !allowInsecure && !isLoopback(url.hostname)) {
		return {
			ok: false,
			what: 'http:// would send the key in clear text to another host',
			fix: `Use https://, or set allowInsecure: true for this ${owner}`,
		};
	}
	return { ok: true, url };
}

export function isLoopback(hostname: string): boolean {
	return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** Without slashes at the end. */
export function trimSlashes(url: URL): string {
	return url.href.replace(/\/+$/, '');
}

/**
 * OTLP/HTTP base URL → URL for logs. `path` is what the receiver puts before `/v1/logs`. What is there already is not
 * added again.
 */
export function logsEndpoint(url: URL, path = ''): string {
	const base = trimSlashes(url);
	if (base.endsWith('/v1/logs')) return base;
	return `${base.endsWith(path) ? base : base + path}/v1/logs`;
}
