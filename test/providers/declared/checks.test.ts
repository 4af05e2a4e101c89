/** What is told of each mistake that can be seen without asking anybody. */
import type { Declaration } from '../../../providers/declared/form/declaration';
import { readDeclaration } from '../../../providers/declared/read';
import { declarationOf, page } from './scripted';

const GOOD = declarationOf('cursor');

function told(changes: object, base: Declaration = GOOD): string[] {
	const read = readDeclaration({ ...base, ...changes });
	return read.kind === 'declaration' ? [] : read.findings.map(({ path, what }) => `${path.join('.')}: ${what}`);
}

const request = (changes: object) => ({ request: { ...GOOD.request, ...changes } });
const settings = (realm: object) => ({
	settings: { ...GOOD.settings, realm: { title: 'Realm', description: 'Whose', required: true, ...realm } },
	...request({ path: '/{realm}/audit' }),
});

test('nothing is wrong with each way of paging', () => {
	for (const style of Object.keys(page) as (keyof typeof page)[]) expect(told({}, declarationOf(style))).toEqual([]);
});

test.each<[string, object, string]>([
	['a name that is not there', request({ path: '/{realm}/audit' }), 'request.path: {realm} is not a setting'],
	['a secret outside of auth', request({ path: '/{apiKey}/audit' }), 'request.path: {apiKey} is a secret'],
	['a setting that does not say which log it is', settings({}), 'settings.realm: is part of the request'],
	[
		'a setting that may be absent',
		settings({ identity: true, required: false }),
		'settings.realm: is part of the request and may be absent',
	],
	['no lower bound', request({ query: { limit: '{pageSize}' } }), 'request: does not ask from anywhere'],
	['no upper bound', request({ bounded: {} }), 'request: has no {to}'],
	[
		'an upper bound that is required and not sent',
		{ bounds: { format: 'iso-ms', upper: 'required' } },
		'request: has no {to}',
	],
	[
		'an upper bound that is always sent and not always there',
		request({ query: { ...GOOD.request.query, until: '{to}' } }),
		'request: has {to}',
	],
	[
		'slices without an upper bound',
		{ bounds: { format: 'iso-ms', upper: 'none', span: '1d' } },
		'bounds.span: needs an upper',
	],
	['no lateness', { lateness: '0s' }, 'lateness: is zero'],
	['a lateness longer than the retention', { lateness: '2d', retention: '1d' }, 'lateness: is not shorter'],
	['no id', { event: { time: 'time' } }, 'event: has neither id nor hash'],
	['a cursor without a place', { page: { kind: 'cursor', into: 'cursor', size: 3 } }, 'page.at: is missing'],
	[
		'a key that another paging has',
		{ page: { ...page.cursor, replay: 'whole' } },
		'page.replay: has no effect with paging by cursor',
	],
	[
		'an end that another paging has',
		{ page: { ...page.cursor, end: { attribute: 'results' } } },
		'page.end.attribute: is not an end',
	],
	['a page size that is sent nowhere', request({ query: { since: '{from}' } }), 'page.size: is never sent'],
	[
		'addresses followed by a POST',
		{ ...request({ method: 'POST', query: {}, body: { since: '{from}', n: '{pageSize}' } }), page: page.link },
		'page.kind: follows addresses',
	],
	['a token without a place', { auth: { kind: 'clientCredentials' } }, 'auth.tokenUrl: is missing'],
	[
		'a token over http',
		{ auth: { kind: 'clientCredentials', tokenUrl: 'http://login.test/token' } },
		'auth.tokenUrl: is not an https address',
	],
	[
		'a header for a setting that is not there',
		{ auth: { kind: 'headers', headers: { 'x-key': 'no' } } },
		'auth.headers.x-key: "no" is not',
	],
	[
		'rows counted in a list that moves',
		{ page: page.offset, bounds: { format: 'iso-ms', upper: 'none' } },
		'page.kind: counts rows',
	],
	['below what is safe in a list of any order', { rejected: 'below', order: 'unknown' }, 'rejected: goes on below'],
	['a base URL that is not https', { baseUrl: 'http://api.test' }, 'baseUrl: is not an https address'],
	['a base URL with a user', { baseUrl: 'https://me@api.test' }, 'baseUrl: is not an https address'],
	['an unknown key', { lateness: undefined, latenes: '1m' }, 'latenes: unknown key'],
	['a number for text', { title: 5 }, 'title: must be text'],
	['a word that is not known', { order: 'newst' }, 'order: "newst" is not known'],
	['a path that is none', { event: { id: 'a..b', time: 'time' } }, 'event.id: is not a path'],
])('%s', (_name, changes, expected) => {
	expect(told(changes).join('\n')).toContain(expected);
});

test('what cannot be lossless runs when it says so', () => {
	const counted = { page: page.offset, bounds: { format: 'iso-ms', upper: 'none' } };
	expect(told({ ...counted, lossy: 'rows that slip' })).toEqual([]);
});

test.each([null, [], 'text', 5, undefined])('a file that holds no map: %j', (data) => {
	expect(readDeclaration(data)).toMatchObject({ kind: 'findings' });
});

test('names with a meaning for objects are names like any other', () => {
	const odd = JSON.parse('{"__proto__":{"name":"x"},"constructor":1}') as object;
	expect(told({ ...odd }).join('\n')).toContain('constructor: unknown key');
	expect(
		told(JSON.parse(JSON.stringify(GOOD).replace('"name"', '"__proto__":{},"name"')) as object, {} as never),
	).toEqual(['__proto__: unknown key']);
});
