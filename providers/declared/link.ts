/** The header `Link`: addresses in angle brackets, each with its attributes. Addresses may hold commas and semicolons. */
export interface Link {
	address: string;
	/** Names in lower case. */
	attributes: Readonly<Record<string, string>>;
}

/** Longer ones lead nowhere. */
const LONGEST = 65_536;

const ONE = /<([^<>]*)>((?:\s*;\s*[^\s=;,<>]+(?:\s*=\s*(?:"[^"]*"|[^\s;,<>"]*))?)*)/g;
const ATTRIBUTE = /;\s*([^\s=;,]+)(?:\s*=\s*(?:"([^"]*)"|([^\s;,"]*)))?/g;

export function linksIn(header = ''): Link[] {
	return [...header.slice(0, LONGEST).matchAll(ONE)].map(([, address = '', rest = '']) => ({
		address,
		attributes: Object.fromEntries(
			[...rest.matchAll(ATTRIBUTE)].map(([, name = '', quoted, plain]) => [name.toLowerCase(), quoted ?? plain ?? '']),
		),
	}));
}

/** `rel` may hold several words. */
export function nextLink(header: string | undefined): Link | undefined {
	return linksIn(header).find(({ attributes: { rel = '' } }) => rel.toLowerCase().split(/\s+/).includes('next'));
}
