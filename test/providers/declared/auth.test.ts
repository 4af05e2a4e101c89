import type { Declaration } from '../../../providers/declared/form/declaration';
import { declaredProvider } from '../../../providers/declared/provider';
import { declarationOf } from './scripted';

const setting = (secret: boolean) => ({ title: 'Key', description: 'A key', required: true, secret });
const provider = (auth: Declaration['auth'], settings: Declaration['settings'] = {}) =>
	declaredProvider(declarationOf('cursor', { auth, settings }));

test('one key in one header, with or without a word before it', () => {
	expect(provider({ kind: 'header', scheme: 'SSWS' }).authorize({ apiKey: 'k1\n' })).toEqual({
		authorization: 'SSWS k1',
	});
	expect(provider({ kind: 'header', name: 'private-token' }).authorize({ apiKey: 'k1' })).toEqual({
		'private-token': 'k1',
	});
});

test('several keys, each in its header', () => {
	const settings = { apiKey: setting(true), appKey: setting(true) };
	const auth = { kind: 'headers', headers: { 'dd-api-key': 'apiKey', 'dd-application-key': 'appKey' } } as const;
	const headers = provider(auth, settings).authorize({ apiKey: 'a', appKey: 'b' });
	expect(headers).toEqual({ 'dd-api-key': 'a', 'dd-application-key': 'b' });
});

test('user and password, of which the user need not be secret', () => {
	const settings = { email: setting(false), apiKey: setting(true) };
	const both = provider({ kind: 'basic', user: 'email', password: 'apiKey' }, settings);
	expect(both.authorize({ apiKey: 'k' }, { email: 'é@acme.test' })).toEqual({
		authorization: `Basic ${Buffer.from('é@acme.test:k').toString('base64')}`,
	});
	const alone = provider({ kind: 'basic', user: 'apiKey' }, settings);
	expect(alone.authorize({ apiKey: 'k' })).toEqual({ authorization: `Basic ${Buffer.from('k:').toString('base64')}` });
});

test.each(['', 'two words', 'schlüssel'])('a key that cannot be one is told without quoting it: %j', (apiKey) => {
	const refused = () => provider({ kind: 'header' }).authorize({ apiKey });
	expect(refused).toThrow(/^The API key (is empty|has a space)/);
	if (apiKey) expect(refused).not.toThrow(apiKey);
});

test('what a kind needs is a setting, also where the declaration does not name it', () => {
	expect(provider({ kind: 'header' }).settings).toEqual({
		apiKey: expect.objectContaining({ secret: true, required: true, example: 'ACME_API_KEY' }) as object,
	});
	const oauth = provider({ kind: 'clientCredentials', tokenUrl: 'https://login.test/token' }).settings;
	expect(Object.entries(oauth).map(([name, { secret = false }]) => [name, secret])).toEqual([
		['clientId', false],
		['clientSecret', true],
	]);
	expect(provider({ kind: 'jwtAssertion', tokenUrl: 'https://login.test/token' }).settings).toMatchObject({
		keyFile: { secret: true, multiline: true },
	});
});
