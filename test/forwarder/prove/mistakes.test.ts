/** For each style of paging: a declaration with a known mistake is found out, and told what to declare instead. */
import { prove } from '../../../forwarder/prove/prove';
import { subjectOf } from '../../../forwarder/prove/subject';
import { proofResults } from '../../../forwarder/prove/verdict';
import type { Declaration } from '../../../providers/declared/form/declaration';
import { set, type Json } from '../../../sandbox/declared/places';
import { said, type Changes } from './said';
import { example, styles, type Style } from './styles';

type Mistake = [what: string, changes: Changes, says: string];

const ENDLESS = 'if empty pages go on to name a next one, the list is never read to its end → Add `emptyPage: true`';
const SLIPS = 'rows slip between two pages';
const noUpper = { 'bounds.upper': 'none', 'request.bounded': undefined };

const mistakes: Record<Style, Mistake[]> = {
	link: [
		['an end that nobody knows', { unknown: ['end'] }, ENDLESS],
		[
			'filters beside the position, which it may have to go without',
			{ unknown: ['replay'] },
			'→ Declare `page.replay: whole`',
		],
		['no size in the request', { 'request.query.limit': undefined }, 'page.size: is never sent'],
		['no lower bound', { 'request.query.after': undefined }, 'there is no {from}'],
	],
	linkWhole: [
		['an end that nobody knows', { unknown: ['end'] }, ENDLESS],
		['a body', { 'request.method': 'POST', 'request.body': {} }, 'follows addresses, and a POST has its filters'],
		['another path for later pages', { 'page.path': '/more' }, 'page.path: has no effect with paging by link'],
		['a total', { 'page.end.total': 'count' }, 'page.end.total: is not an end of paging by link'],
	],
	cursor: [
		['an end that nobody knows', { unknown: ['end'] }, ENDLESS],
		['the wrong place of the position', { 'page.at': 'next' }, 'no example page has next'],
		['no parameter for the position', { 'page.into': undefined }, 'page.into: is missing'],
		['a secret in the query', { 'request.query.key': '{apiKey}' }, '{apiKey} is a secret'],
		['another way to the next page', { 'page.replay': 'whole' }, 'page.replay: has no effect with paging by cursor'],
	],
	cursorInBody: [
		[
			'filters beside the position, which it may have to go without',
			{ 'page.repeat': 'all', unknown: ['replay'] },
			'→ Declare `page.repeat: none`',
		],
		[
			'filters that may have to be repeated',
			{ order: 'unknown', unknown: ['replay'] },
			'if filters that are not repeated are forgotten, events from long before the range are read',
		],
		['the wrong flag for more', { 'page.end.flag': 'more' }, 'more does not say whether there is more'],
		['no parameter for the position', { 'page.into': undefined }, 'page.into: is missing'],
		['no place of the position', { 'page.at': undefined }, 'page.at: is missing'],
		['a second path with a name that is no setting', { 'page.path': '/{more}' }, '{more} is not a setting'],
		['a body without POST', { 'request.method': undefined }, 'request.body: has no effect with GET'],
	],
	url: [
		['a name with a dot in it', { 'page.at': '@odata.nextLink' }, 'no example page has @odata.nextLink'],
		['an end that nobody knows', { unknown: ['end'] }, ENDLESS],
		['no place of the address', { 'page.at': undefined }, 'page.at: is missing'],
		['filters that are not repeated', { 'page.repeat': 'none' }, 'page.repeat: has no effect with paging by url'],
	],
	lastId: [
		[
			'below, in a list that is oldest first',
			{ order: 'oldest' },
			'goes on below what is safe in a list that is not newest first',
		],
		['the wrong flag for more', { 'page.end.flag': 'more' }, 'more does not say whether there is more'],
		['an id of several members', { 'event.id': ['id', 'at'] }, 'needs one member as id'],
	],
	page: [
		['no upper bound', noUpper, SLIPS],
		[
			'pages of another size while it catches up',
			{ 'page.maxSize': 400 },
			'page.maxSize: would make pages begin elsewhere',
		],
	],
	offset: [
		[
			'a total that nobody trusts',
			{ unknown: ['end'] },
			'if the total is too low, 2 events are lost → Declare `page.end: { emptyPage: true }` instead of `total`',
		],
		['no upper bound', noUpper, SLIPS],
	],
	none: [
		['no span', { 'bounds.span': undefined }, 'has no span'],
		['an end', { 'page.end.emptyPage': true }, 'is not an end where all is one answer'],
		['an upper bound that may be left out', { 'bounds.upper': 'optional' }, 'has {to} where there may be none'],
	],
};

describe.each(Object.entries(mistakes))('paging by %s', (style, list) => {
	test.each(list)('%s', async (_what, changes, says) => {
		expect(await said(style as Style, changes)).toContain(says);
	});
});

/** What no file shows, and the API does: it is not what is declared. */
test.each<[string, Style, Changes, string]>([
	[
		'takes the position at another path',
		'cursorInBody',
		{ 'page.path': '/search/next' },
		'is not the path of this page',
	],
	['has another name for the position', 'cursor', { 'page.into': 'from_cursor' }, 'parameter cursor is not known'],
	['wants bounds in whole days', 'url', { 'bounds.format': 'day' }, 'a bound is malformed'],
	['wants an upper bound', 'link', { 'bounds.upper': 'required' }, 'the upper bound is missing'],
	['takes ranges of an hour only', 'linkWhole', { 'bounds.span': '1h' }, 'the range is wider than 1h'],
	['counts from 0', 'page', { 'page.at': undefined, 'page.first': 0 }, 'events are lost'],
])('an API that %s', async (_what, style, changes, says) => {
	const api = structuredClone(styles[style]) as Json;
	for (const [place, value] of Object.entries(changes)) set(api, place, value);
	const subject = subjectOf(styles[style], [example]);
	const proof = await prove({ ...subject, api: api as unknown as Declaration });
	expect(proofResults(styles[style], proof)[0]).toMatchObject({ status: 'failed' });
	expect(proofResults(styles[style], proof)[0]!.detail).toContain(says);
});
