/** Mistakes that can be made however pages follow each other: each is found out in every style. */
import { said, type Changes } from '../../forwarder/prove/said';
import { styles, type Style } from '../../forwarder/prove/styles';

type Mistake = [what: string, says: string | RegExp, changes: Changes | ((style: Style) => Changes)];

const isPost = (style: Style) => style === 'cursorInBody';
const filters = (style: Style) => (isPost(style) ? 'request.body' : 'request.query');
const isNewest = (style: Style) => style === 'lastId';

const mistakes: Mistake[] = [
	['a key that does not exist', 'lateness: is missing', { lateness: undefined }],
	['no lower bound', 'there is no {from}', (style) => ({ [filters(style)]: { limit: '{pageSize}' } })],
	['a name that is no setting', '{workspace} is not a setting', { 'request.path': '/{workspace}/events' }],
	['a secret in the address', '{apiKey} is a secret', { 'request.path': '/{apiKey}/events' }],
	['the wrong place of the list', 'the answer has no list `entries`', { 'list.at': 'entries' }],
	['the wrong place of the id', /events have no id|has an id to go on from/, { 'event.id': 'uuid' }],
	['an id that is not unique', 'two events have the id 7', { 'event.id': 'actor.id' }],
	['neither id nor hash', 'has neither id nor hash', { 'event.id': undefined }],
	[
		'a hash that is not unique',
		/two events have the id|needs one member as id/,
		{ 'event.id': undefined, 'event.hash': ['actor'] },
	],
	['the wrong place of the time', 'no usable time in when', { 'event.time': 'when' }],
	['the wrong form of the time', 'no usable time in at', { 'event.timeAs': 'epoch-s' }],
	[
		'the wrong order',
		'first, and declared is',
		(style) => (isNewest(style) ? { order: 'oldest', rejected: undefined } : { order: 'newest' }),
	],
	['no lateness', 'lateness: is zero', { lateness: '0s' }],
	['a retention that is shorter than the lateness', 'is not shorter than the retention', { retention: '5m' }],
	[
		'an upper bound that is declared and not sent',
		'has no {to}',
		(style) => (style === 'none' ? { 'request.query': { after: '{from}' } } : { 'request.bounded': undefined }),
	],
	[
		'an attribute from nowhere',
		'no example event has audit.actor.id',
		{ 'record.attributes': { 'audit.actor.id': 'actor.uuid' } },
	],
	[
		'a record that is not the expected one',
		'severity is "WARN", expected "INFO"',
		{ 'record.failed': [{ at: 'action', in: ['user.login'] }] },
	],
	[
		'a size that is never sent',
		'page.size: is never sent',
		(style) => (style === 'none' ? { 'page.size': 50 } : { [filters(style)]: { after: '{from}' } }),
	],
	['a header that carries keys', 'authorization carries keys', { 'request.headers': { authorization: 'x' } }],
	[
		'a lateness that nobody knows',
		'warning: if events become visible later than the lateness',
		{ unknown: ['lateness'] },
	],
	[
		'ids that may not be unique',
		'if two events have the same id, 4 events are lost → Make the id of several members',
		{ unknown: ['idUnique'] },
	],
];

describe.each(Object.keys(styles) as Style[])('paging by %s', (style) => {
	test.each(mistakes)('%s', async (_what, says, changes) => {
		const made = typeof changes === 'function' ? changes(style) : changes;
		expect(await said(style, made)).toMatch(says);
	});
});
