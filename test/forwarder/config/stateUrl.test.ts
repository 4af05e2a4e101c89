/** `state.url`, as people write it. */
import { parseStateUrl } from '../../../forwarder/config/stateUrl';

const good = (text: string) => {
	const checked = parseStateUrl(text);
	if (!checked.ok) throw new Error(`${checked.what}. ${checked.fix}`);
	return checked.url;
};

const SECRET = 'hunter2';

it('reads an address whose password has signs in it', () => {
	expect(good('postgres://relay:p%40ss%2Fw:rd@db.example/audit_relay')).toEqual({
		hosts: [{ host: 'db.example', port: 5432 }],
		user: 'relay',
		password: 'p@ss/w:rd',
		database: 'audit_relay',
		tls: 'full',
	});
});

it('reads several hosts, with and without ports, in both places', () => {
	const hosts = [
		{ host: 'a', port: 5433 },
		{ host: 'b', port: 5432 },
		{ host: '::1', port: 5434 },
	];
	expect(good('postgresql://u@a:5433,b,[::1]:5434/db?target_session_attrs=read-write').hosts).toEqual(hosts);
	expect(good('postgres://u@/db?host=a,b,[::1]&port=5433,5432,5434').hosts).toEqual(hosts);
});

it('takes the folder of a socket as it is written, and reads a host of the address by its escapes', () => {
	expect(good('postgres://u@/db?host=/run/a%2525b').hosts).toEqual([{ host: '/run/a%25b', port: 5432 }]);
	expect(good('postgres://u@%2Frun%2Fa/db').hosts).toEqual([{ host: '/run/a', port: 5432 }]);
});

it('says how signs of a password are written when the URL cannot be read because of them', () => {
	expect(parseStateUrl('postgres://u:hun/ter2@db/x')).toMatchObject({
		fix: expect.stringContaining('in a password % as %25, @ as %40, / as %2F') as string,
	});
});

it.each([
	['postgres://u@localhost/db', 'none'],
	['postgres://u@127.0.0.1:5433/db', 'none'],
	['postgres://u@[::1]/db', 'none'],
	['postgres://u@/db?host=/var/run/postgresql', 'none'],
	['postgres://u@localhost,db.example/db', 'full'],
	['postgres://u@localhost/db?sslmode=verify-full', 'full'],
	['postgres://u@db.example/db?sslmode=disable', 'none'],
	['postgres://u@db.example/db?sslmode=require', 'encrypted'],
	['postgres://u@db.example/db?sslmode=verify-ca', 'authority'],
])('sends nothing in clear text to another host unless told so: %s', (text, tls) => {
	expect(good(text).tls).toBe(tls);
});

it.each([
	['mysql://u:hunter2@db/x', 'is not a URL of a PostgreSQL database'],
	['postgres://u:hunter2@db', 'is not a URL of a PostgreSQL database'],
	['postgres://u:hunter2/x@db/y', 'is not a URL of a PostgreSQL database'],
	['postgres://db/x', 'names no user'],
	['postgres://u:hunter2@db/', 'names no database'],
	['postgres://u:hunter2%@db/x', 'holds a % that begins no escape'],
	['postgres://u:hunter2@h%zz/x', 'holds a % that begins no escape'],
	['postgres://u:hunter2@/x', 'has a host or port that cannot be'],
	['postgres://u:hunter2@db:99999/x', 'has a host or port that cannot be'],
	['postgres://u:hunter2@db/x?sslmode=prefer', 'has an sslmode that is not known'],
	['postgres://u:hunter2@db/x?target_session_attrs=any', 'asks for a server that need not take writes'],
	['postgres://u:hunter2@db/x?sslrootcert=/x.pem', 'has a parameter that is not known'],
	['postgres://u:hunter2@db/x?hunter2=1', 'has a parameter that is not known'],
])('refuses %s, and does not repeat it', (text, what) => {
	const checked = parseStateUrl(text);
	expect(checked).toMatchObject({ ok: false, what });
	expect(JSON.stringify(checked)).not.toContain(SECRET);
});
