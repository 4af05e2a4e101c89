/** Whatever form a server gives back what it was sent in, no key of it gets further. */
import { withoutKeys } from '../../../forwarder/http/withoutKeys';

const KEY = 'q9/Zt+canary=w7Xk2"Lm';
const headers = { 'x-api-key': `keyid77:${KEY}` };
const hex = (text: string) => Buffer.from(text).toString('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each<[string, string]>([
	['as it is', KEY],
	['with its id', `keyid77:${KEY}`],
	['in other case', KEY.toUpperCase()],
	['url-encoded', encodeURIComponent(KEY)],
	['url-encoded, in lower case', encodeURIComponent(KEY).toLowerCase()],
	['url-encoded, each character', hex(KEY).replace(/../g, '%$&')],
	['escaped in JSON', JSON.stringify({ key: KEY })],
	['in base64', base64(KEY)],
	['in base64 for URLs', Buffer.from(KEY).toString('base64url')],
	['in base64 behind one character', base64(`x${KEY}`)],
	['in base64 behind two characters', base64(`xy${KEY}`)],
	['in base64 behind three', base64(`xyz${KEY}`)],
	['in base64 in the middle of a text', base64(`{"k":"${KEY}","v":1}`)],
	['in hex', hex(KEY)],
	['in hex, in upper case', hex(KEY).toUpperCase()],
	['reversed', [...KEY].reverse().join('')],
	['its beginning', `${KEY.slice(0, 12)}…`],
	['its end', `…${KEY.slice(-12)}`],
	['its middle', `…${KEY.slice(5, 16)}…`],
	['its beginning in base64', base64(KEY.slice(0, 15))],
	['its beginning in hex', hex(KEY.slice(0, 12))],
])('a key that comes back %s', (_name, said) => {
	const told = withoutKeys(`the key <${said}> is not valid`, headers);
	expect(told).toMatch(/^the key <.*\[REDACTED\].*> is not valid$/);
	for (const form of [KEY, encodeURIComponent(KEY), base64(KEY), base64(`x${KEY}`), base64(`xy${KEY}`), hex(KEY)]) {
		for (const text of [form, [...form].reverse().join('')]) {
			for (let at = 0; at + 12 <= text.length; at++)
				expect(told.toLowerCase()).not.toContain(text.slice(at, at + 12).toLowerCase());
		}
	}
});

test('what Basic encodes does not come back decoded', () => {
	const basic = { authorization: `Basic ${base64('somebody:canary-password')}` };
	expect(withoutKeys('user somebody with canary-password', basic)).toBe('user [REDACTED] with [REDACTED]');
});

test('a key of Arcus ERP is known by its look, also when it is not ours', () => {
	expect(withoutKeys('key ark_live_ent_7Hs_0123456789 is revoked', {})).toBe('key [REDACTED] is revoked');
	expect(withoutKeys('use ARK_test_ent_abc', {})).toBe('use [REDACTED]');
});

test('the words around a key, its last four characters and short values stay', () => {
	expect(withoutKeys(`region eu: key ${KEY} (…${KEY.slice(-4)}) of bearer`, { ...headers, region: 'eu' })).toBe(
		`region eu: key [REDACTED] (…${KEY.slice(-4)}) of bearer`,
	);
	expect(withoutKeys('nothing here', headers)).toBe('nothing here');
});

test('two keys side by side, and one at the very beginning', () => {
	expect(withoutKeys(`${KEY} ${KEY}`, headers)).toBe('[REDACTED] [REDACTED]');
});
