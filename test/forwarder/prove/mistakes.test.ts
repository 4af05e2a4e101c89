/** For each style of paging: a declaration with a known mistake is found out, and told what to declare instead. */
import { recordsText } from '../../../forwarder/prove/check';
import { differences, readPages } from '../../../forwarder/prove/examples';
import { prove } from '../../../forwarder/prove/prove';
import { subjectOf } from '../../../forwarder/prove/subject';
import { proofResults } from '../../../forwarder/prove/verdict';
import { readDeclaration } from '../../../providers/declared/read';
import { set, type Json } from '../../../sandbox/declared/places';
import { example, pageOf, styles, type Style } from './styles';

/** By place in the declaration; undefined: nothing stands there. */
type Changes = Record<string, unknown>;

/** Everything that is said about a changed declaration, with an example that the good one of the style reads. */
async function said(style: Style, changes: Changes): Promise<string> {
	const changed = structuredClone(styles[style]) as Json;
	for (const [place, value] of Object.entries(changes)) set(changed, place, value);
	const read = readDeclaration(JSON.parse(JSON.stringify(changed)));
	if (read.kind === 'findings')
		return read.findings.map(({ path, what, fix }) => `${path.join('.')}: ${what} → ${fix}`).join('\n');
	const pages = [pageOf(style)];
	const expected = await recordsText(styles[style], { pages });
	const subject = subjectOf(read.declaration);
	const found = differences(read.declaration, await readPages(subject, { pages }), expected);
	if (found.length > 0) return found.map(({ what, fix }) => `${what} → ${fix}`).join('\n');
	const results = proofResults(read.declaration, await prove({ ...subject, examples: [example] }));
	return results.map(({ status, detail, fix }) => `${status}: ${detail} → ${fix}`).join('\n');
}

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
	linkWhole: [['an end that nobody knows', { unknown: ['end'] }, ENDLESS]],
	cursor: [
		['an end that nobody knows', { unknown: ['end'] }, ENDLESS],
		['the wrong place of the position', { 'page.at': 'next' }, 'no example page has next'],
		['the wrong place of the list', { 'list.at': 'items' }, 'the answer has no list `items`'],
		['no parameter for the position', { 'page.into': undefined }, 'page.into: is missing'],
		['the wrong place of the time', { 'event.time': 'when' }, 'no usable time in when'],
		['the wrong form of the time', { 'event.timeAs': 'epoch-s' }, 'no usable time in at'],
		['no id', { 'event.id': undefined }, 'has neither id nor hash'],
		['an id that is not unique', { 'event.id': 'actor.id' }, 'two events have the id 7'],
		['the wrong order', { order: 'newest' }, 'page.json is oldest first, and declared is newest first'],
		['no lateness', { lateness: '0s' }, 'lateness: is zero'],
		['a retention that is shorter than the lateness', { retention: '5m' }, 'is not shorter than the retention'],
		['no upper bound although one is declared', { 'request.bounded': undefined }, 'request: has no {to}'],
		[
			'an attribute from nowhere',
			{ 'record.attributes': { 'audit.actor.id': 'actor.uuid' } },
			'no example event has audit.actor.id',
		],
		[
			'a record that is not the expected one',
			{ 'record.failed': [{ at: 'action', in: ['user.login'] }] },
			'severity is "WARN", expected "INFO"',
		],
		[
			'a lateness that nobody knows',
			{ unknown: ['lateness'] },
			'warning: if events become visible later than the lateness, 8 events are lost → Raise `lateness`',
		],
		[
			'ids that may not be unique',
			{ unknown: ['idUnique'] },
			'warning: if two events have the same id, 4 events are lost → Make the id of several members',
		],
		['a secret in the query', { 'request.query.key': '{apiKey}' }, '{apiKey} is a secret'],
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
		['a body without POST', { 'request.method': undefined }, 'request.body: has no effect with GET'],
	],
	url: [
		['a name with a dot in it', { 'page.at': '@odata.nextLink' }, 'no example page has @odata.nextLink'],
		['an end that nobody knows', { unknown: ['end'] }, ENDLESS],
	],
	lastId: [
		[
			'below, in a list that is oldest first',
			{ order: 'oldest' },
			'goes on below what is safe in a list that is not newest first',
		],
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
	none: [['no span', { 'bounds.span': undefined }, 'has no span']],
};

describe.each(Object.entries(mistakes))('paging by %s', (style, list) => {
	test.each(list)('%s', async (_what, changes, says) => {
		expect(await said(style as Style, changes)).toContain(says);
	});
});
