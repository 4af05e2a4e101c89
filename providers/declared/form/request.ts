/** How an API is asked: authentication, request, range, pages, pace. */
import { anything, either, listOf, mapOf, object, oneOf, optional, text, truth, whole, type Value } from '../schema';
import { duration, header, path } from './kinds';

const Texts = mapOf(text(), 'By the name of the parameter. {name} stands for a setting, {from}, {to} or {pageSize}');

export const Auth = object(
	{
		kind: oneOf(
			['header', 'headers', 'basic', 'clientCredentials', 'jwtAssertion'],
			'header: one key in one header. headers: a key in each of several. basic: user and password. clientCredentials: a token of OAuth2. jwtAssertion: a token for a signed assertion (RS256)',
		),
		name: optional(header('header: which one. Default: authorization')),
		scheme: optional(text('header: word before the key, as Bearer')),
		headers: optional(mapOf(text(), 'headers: the secret setting that each of them carries')),
		user: optional(text('basic: name of the setting. Absent: empty')),
		password: optional(text('basic: name of the secret setting. Absent: empty')),
		tokenUrl: optional(text('clientCredentials, jwtAssertion: where tokens are given. May hold {name} of a setting')),
		as: optional(oneOf(['form', 'json'], 'clientCredentials: how the token is asked for. Default: form')),
		scope: optional(text('clientCredentials, jwtAssertion: what the token is for')),
		audience: optional(text('clientCredentials: further member `audience`. jwtAssertion: instead of the token URL')),
		fields: optional(mapOf(text(), 'clientCredentials: further members of the request')),
		subject: optional(text('jwtAssertion: for whom; may hold {name} of a setting')),
	},
	'How requests are authorized. What it needs as a secret is a setting: apiKey; clientId and clientSecret; keyFile',
);

export const PATH = text('Path of the list, with {name} of settings', {
	pattern: /^\//,
	wrong: 'is not a path|Begin with /',
});

export const Request = object({
	method: optional(
		oneOf(['GET', 'POST'], 'A POST must be one that reads only: it is repeated after a failure. Default: GET'),
	),
	path: PATH,
	query: optional(Texts),
	body: optional(
		mapOf(
			anything(),
			'POST: the JSON body. A text that is one placeholder alone becomes a number where its value is one',
		),
	),
	headers: optional(mapOf(text(), 'Headers that are not secret')),
	bounded: optional(
		mapOf(
			anything(),
			'Members of the query (GET) or the body (POST) that are added or replaced when the range has an upper bound',
		),
	),
});

export const Bounds = object(
	{
		format: oneOf(
			['iso-s', 'iso-ms', 'iso-us', 'epoch-s', 'epoch-ms', 'day'],
			'How instants are written. Bounds are widened by one unit, and by a second at least, because few vendors say whether theirs are inclusive',
		),
		on: optional(
			oneOf(
				['event', 'stored'],
				'What the bounds are compared with: the time of the event, or when the provider stored it. Default: event',
			),
		),
		onBounded: optional(
			oneOf(['event'], 'on: stored — with an upper bound, they are compared with the time of the event anyway'),
		),
		boundedLateness: optional(
			duration('onBounded — how long after its own time an event may become visible then. Default: lateness'),
		),
		upper: optional(
			oneOf(
				['optional', 'required', 'none'],
				'Whether an upper bound may, must or cannot be given. required: one is frozen at the beginning of a walk. Default: optional',
			),
		),
		span: optional(duration('Longest range of one query; a longer one is cut into slices')),
		oldest: optional(
			duration(
				'An older lower bound is refused, and so never sent: one a little younger is (by a 24th, an hour at most), because the pages after it have the same one',
			),
		),
	},
	'The range of time that is asked for',
);

export const SIZES = {
	size: optional(whole(1, 100_000, 'Elements per page. Absent: the provider takes no number')),
	maxSize: optional(whole(1, 100_000, 'While catching up. Default: size')),
};

export const Page = object(
	{
		kind: oneOf(
			['link', 'cursor', 'url', 'lastId', 'page', 'offset', 'none'],
			'link: header Link. cursor: a text in the answer. url: the next address in the answer. lastId: id of the last element. page, offset: numbers. none: all in one answer',
		),
		...SIZES,
		at: optional(path('cursor, url: where it is. page: where the number of the next one is; absent: one more')),
		into: optional(text('Parameter that takes it: of the query (GET), or path in the body (POST)')),
		path: optional(
			text('cursor: path of all pages but the first, where it is another one, with {name} of settings', {
				pattern: /^\//,
				wrong: 'is not a path|Begin with /',
			}),
		),
		replay: optional(
			text('link: "whole" takes all of the query that the provider gives; else the one parameter that is taken over'),
		),
		repeat: optional(
			oneOf(['all', 'none'], 'What goes along with the position: all filters, or nothing. Default: all'),
		),
		first: optional(whole(0, 1, 'page, offset: number of the first one. Default: page 1, offset 0')),
		end: optional(
			object(
				{
					flag: optional(path('Member that says whether there is more')),
					emptyPage: optional(truth('An empty page is the end, whatever position it carries')),
					samePosition: optional(truth('The position that was just used is the end')),
					attribute: optional(text('link: attribute of the link that is "false" at the end')),
					total: optional(path('offset: how many there are')),
				},
				'What is an end besides an absent position',
			),
		),
	},
	'How pages follow each other',
);

export const Limits = object({
	perMinute: whole(1, 100_000, 'Requests per minute of one key: what is left to us, not what is allowed to all'),
	burst: optional(whole(1, 1000, 'Requests at once that the provider documents as allowed')),
	remaining: optional(header('Header that says how many requests are left')),
	reset: optional(header('Header that says when the limit is reset')),
	resetAs: optional(
		oneOf(
			['epoch', 'epoch-ms', 'seconds', 'date'],
			'What it holds. Of a structured value the first number counts. Default: epoch',
		),
	),
	limited: optional(
		listOf(
			either(
				whole(400, 599),
				text(undefined, {
					pattern: /^[45]\d\d \S.*$/,
					wrong: 'is not a status with words|Write "403 quotaExceeded": a status, and words that the answer holds',
				}),
			),
			'Answers that mean "too many requests". 403 alone counts only when no request remains or the answer says when to come back. Default: 429',
		),
	),
});

export type Auth = Value<typeof Auth>;
export type Bounds = Value<typeof Bounds>;
export type Limits = Value<typeof Limits>;
export type Page = Value<typeof Page>;
export type Request = Value<typeof Request>;
