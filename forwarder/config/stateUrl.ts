/** `state.url`: where the database is, and how the way to it is protected. Messages never repeat what may hold the password. */
import { isLoopback } from './urls';

export interface StateUrl {
	/** Tried in turn; the one that takes writes is used. */
	hosts: { host: string; port: number }[];
	user: string;
	password?: string;
	database: string;
	/** What of the server's certificate is checked: nothing, who signed it, or also for which host. `none`: no TLS. */
	tls: 'none' | 'encrypted' | 'authority' | 'full';
}

export type StateUrlCheck = { ok: true; url: StateUrl } | { ok: false; what: string; fix: string };

const ESCAPES = '% as %25, @ as %40, / as %2F, ? as %3F, # as %23';
const FORM = `Write postgres://user:password@host/database?sslmode=verify-full, and in a password ${ESCAPES}`;
const PARTS = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^@/?#]*)\/([^/?#]*)(?:\?([^#]*))?$/;
const HOST = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]*)(?::(\d{1,5}))?$/;
const SSL_MODES: Record<string, StateUrl['tls']> = {
	disable: 'none',
	require: 'encrypted',
	'verify-ca': 'authority',
	'verify-full': 'full',
};
const PARAMETERS = ['host', 'port', 'sslmode', 'target_session_attrs'];

/** Without `sslmode` only a server on this machine is talked to in clear text. */
export function parseStateUrl(text: string): StateUrlCheck {
	const [, credentials = '', authority, path, search = ''] = PARTS.exec(text) ?? [];
	if (authority === undefined) return { ok: false, what: 'is not a URL of a PostgreSQL database', fix: FORM };
	let user: string, password: string | undefined, database: string, address: string;
	try {
		const [name = '', ...rest] = credentials.split(':');
		user = decodeURIComponent(name);
		password = rest.length > 0 ? decodeURIComponent(rest.join(':')) : undefined;
		database = decodeURIComponent(path!);
		address = decodeURIComponent(authority);
	} catch {
		return { ok: false, what: 'holds a % that begins no escape', fix: `Write ${ESCAPES}` };
	}
	if (!user) return { ok: false, what: 'names no user', fix: FORM };
	if (!database) return { ok: false, what: 'names no database', fix: FORM };

	const query = new URLSearchParams(search);
	const unknown = [...query.keys()].find((key) => !PARAMETERS.includes(key));
	if (unknown !== undefined) {
		const fix = /^ssl(rootcert|cert|key)$/.test(unknown)
			? 'Certificates belong into state.tls'
			: `Known: ${PARAMETERS.join(', ')}`;
		return { ok: false, what: 'has a parameter that is not known', fix };
	}
	const target = query.get('target_session_attrs') ?? 'read-write';
	if (target !== 'read-write' && target !== 'primary') {
		return {
			ok: false,
			what: 'asks for a server that need not take writes',
			fix: 'Remove target_session_attrs, or write read-write',
		};
	}
	const hosts = hostsOf(query.get('host') ?? address, query.get('port'));
	if (!hosts)
		return { ok: false, what: 'has a host or port that cannot be', fix: `${FORM}, several hosts with commas` };
	const local = hosts.every(({ host }) => host.startsWith('/') || isLoopback(host.includes(':') ? `[${host}]` : host));
	const tls = query.has('sslmode') ? SSL_MODES[query.get('sslmode')!] : local ? 'none' : 'full';
	if (!tls) {
		const fix = `Known: ${Object.keys(SSL_MODES).join(', ')}. Others would send events in clear text when somebody in between wants it`;
		return { ok: false, what: 'has an sslmode that is not known', fix };
	}
	return { ok: true, url: { hosts, user, ...(password !== undefined && { password }), database, tls } };
}

function hostsOf(list: string, portList: string | null): StateUrl['hosts'] | undefined {
	const ports = portList?.split(',') ?? [];
	const hosts = list.split(',').map((text, index) => {
		// a folder with the server's socket
		const [, host, port] = text.startsWith('/') ? [text, text, undefined] : (HOST.exec(text) ?? []);
		const number = Number(port ?? ports[index] ?? ports[0] ?? 5432);
		const isPort = Number.isInteger(number) && number > 0 && number < 65_536;
		return host && isPort ? { host: host.replace(/^\[|\]$/g, ''), port: number } : undefined;
	});
	return hosts.every((host) => host !== undefined) ? hosts : undefined;
}
