/** Requests stay below the base URL of the credential, whatever a path is made of: the key goes along. */
import { InvalidInput } from './errors';

/** @param baseUrl Without a slash at the end. @param path As it is sent, without a query. */
export function addressBelow(baseUrl: string, path: string): string {
	const base = new URL(baseUrl);
	const { origin, pathname } = new URL(baseUrl + path);
	const folder = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
	if (origin === base.origin && pathname.startsWith(folder) && !leaves(path)) return baseUrl + path;
	throw new InvalidInput(
		'The path leads out of the base URL of the credential',
		`Requests stay below ${base.origin}${base.pathname}, because the key goes along. The path was: ${path.slice(0, 200)}`,
	);
}

/** Also for a server that decodes it once more, or takes a backslash for a slash. */
function leaves(path: string): boolean {
	if (!path.startsWith('/') || path.includes('//')) return true;
	// parsers of addresses drop these
	const parts = decoded(path)
		.replace(/[\t\n\r]/g, '')
		.split(/[/\\]/);
	return parts.some((part) => part === '.' || part === '..');
}

function decoded(text: string): string {
	const once = text.replace(/%([0-9a-f]{2})/gi, (_code, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	return once === text ? text : decoded(once);
}
