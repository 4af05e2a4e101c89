/**
 * Which proxy leads to an address, by the variables that curl, Go and others read. Node's agents speak to the proxy; they know neither
 * networks nor ports in `NO_PROXY`, and pass by a proxy without a scheme.
 */
import { BlockList, isIP } from 'node:net';

type Env = Readonly<Record<string, string | undefined>>;

/** The variable that cannot be used. Never holds its value: that may have a password. */
export class ProxyError extends Error {
	override name = 'ProxyError';

	constructor(
		readonly variable: string,
		readonly what: string,
		readonly fix: string,
	) {
		super(`${variable} ${what}`);
	}
}

/** Undefined: straight to the address. Throws `ProxyError`. */
export function proxyFor(url: URL, env: Env): string | undefined {
	return find(url, env)?.proxy.href;
}

/** For messages: the proxy without its password, and where it comes from. Undefined: straight to the address. */
export function proxyInWords(url: URL, env: Env): string | undefined {
	const found = find(url, env);
	return found && `the proxy ${found.proxy.origin} (${found.variable})`;
}

function find(url: URL, env: Env): { variable: string; proxy: URL } | undefined {
	const scheme = url.protocol === 'https:' ? 'https' : 'http';
	const found = read(env, `${scheme}_proxy`);
	if (!found || isExcepted(url, read(env, 'no_proxy')?.value ?? '')) return undefined;
	const { variable } = found;
	const value = found.value.includes('://') ? found.value : `http://${found.value}`;
	if (!URL.canParse(value)) throw new ProxyError(variable, 'is not the address of a proxy', 'Write http://host:port');
	const proxy = new URL(value);
	// Node decodes them when it asks the proxy, and would throw then
	if (!isDecodable(proxy.username) || !isDecodable(proxy.password))
		throw new ProxyError(variable, 'has a % in its name or password that is not encoded', 'Write % itself as %25');
	if (proxy.protocol === 'http:' || proxy.protocol === 'https:') return { variable, proxy };
	const what = `names a proxy of the kind ${proxy.protocol.slice(0, -1)}, which is not supported`;
	throw new ProxyError(variable, what, 'Write http://host:port or https://host:port');
}

function isDecodable(text: string): boolean {
	try {
		decodeURIComponent(text);
		return true;
	} catch {
		return false;
	}
}

/** The lower case goes first: that is the older name. */
function read(env: Env, name: string): { variable: string; value: string } | undefined {
	for (const variable of [name, name.toUpperCase()]) {
		const value = env[variable]?.trim();
		if (value) return { variable, value };
	}
	return undefined;
}

function isExcepted(url: URL, list: string): boolean {
	const host = url.hostname.replace(/^\[|\]$|\.$/g, '');
	const port = url.port || (url.protocol === 'https:' ? '443' : '80');
	return list
		.toLowerCase()
		.split(/[\s,]+/)
		.some((entry) => entry !== '' && matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
	if (entry === '*') return true;
	// an address of IPv6 has a port only when it stands in brackets
	const [, name = entry, only] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
	if (only !== undefined && only !== port) return false;
	const plain = name.replace(/^\[|\]$/g, '');
	if (isIP(host)) return isWithin(plain, host);
	if (plain.startsWith('*.')) return host.endsWith(plain.slice(1));
	const domain = plain.replace(/^\.|\.$/g, '');
	return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

/** A single address, a network (`10.0.0.0/8`), or a range as Node writes it (`10.0.0.1-10.0.0.9`). */
function isWithin(entry: string, host: string): boolean {
	const [address = '', bits] = entry.split('/');
	const [first = '', last] = address.split('-');
	if (!isIP(first)) return false;
	const list = new BlockList();
	const family = isIP(first) === 6 ? 'ipv6' : 'ipv4';
	try {
		if (bits !== undefined) list.addSubnet(first, Number(bits), family);
		else if (last !== undefined) list.addRange(first, last, family);
		else list.addAddress(first, family);
	} catch {
		// no network: it excepts nothing
		return false;
	}
	return list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}
