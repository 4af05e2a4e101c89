/** What is wrong with a declaration although it fits the form: parts that do not fit each other, or cannot be lossless. */
import { parseDuration } from '../../core/durations';
import { authFindings } from './authChecks';
import { settingsOf } from './auth';
import { isUpperSent } from './bounds';
import type { Declaration } from './form/declaration';
import { headerFindings } from './headerChecks';
import { pageFindings } from './pageChecks';
import { placesIn } from './template';
import type { Finding } from './validate';

export type Found = (path: string, what: string, fix: string) => Finding;

const found: Found = (path, what, fix) => ({ path: path.split('.'), part: 'value', what, fix });

export function findingsIn(declaration: Declaration): Finding[] {
	return [
		...settingFindings(declaration),
		...placeFindings(declaration),
		...boundFindings(declaration),
		...eventFindings(declaration),
		...authFindings(declaration, found),
		...headerFindings(declaration, found),
		...pageFindings(declaration, found),
		...lossFindings(declaration),
	];
}

/** What of `per` is a duration. */
const DURATIONS = ['lateness', 'retention'] as const;

/** Names that stand for something else in a request. */
const TAKEN: readonly string[] = ['from', 'to', 'pageSize'];

function settingFindings({ settings = {}, per = {} }: Declaration): Finding[] {
	const taken = Object.keys(settings).filter((name) => TAKEN.includes(name));
	const unknown = Object.keys(per).filter((name) => !settings[name]);
	const durations = Object.entries(per).flatMap(([name, values]) =>
		Object.entries(values).flatMap(([value, texts]) =>
			DURATIONS.flatMap((key) =>
				texts[key] !== undefined && parseDuration(texts[key]) === undefined
					? [found(`per.${name}.${value}.${key}`, 'is not a duration', 'Write a number and a unit: 10m, 6h')]
					: [],
			),
		),
	);
	return [
		...taken.map((name) => found(`settings.${name}`, 'is a name with a meaning of its own', 'Choose another name')),
		...unknown.map((name) => found(`per.${name}`, 'is not a setting', `Settings: ${Object.keys(settings).join(', ')}`)),
		...durations,
	];
}

/** Every `{name}` stands for something, and what says which log it is, is identity. */
function placeFindings(declaration: Declaration): Finding[] {
	const { request, page, baseUrl, per = {} } = declaration;
	const settings = settingsOf(declaration);
	const asked = { query: request.query, body: request.body, bounded: request.bounded };
	const texts: [key: string, text: string, extra: readonly string[]][] = [
		['baseUrl', baseUrl, []],
		['request.path', request.path, []],
		['page.path', page.path ?? '', []],
		...Object.entries(asked).flatMap(([part, value]) =>
			textsIn(value).map((text): [string, string, readonly string[]] => [`request.${part}`, text, TAKEN]),
		),
	];
	return texts.flatMap(([key, text, extra]) =>
		placesIn(text).flatMap((place) => {
			if (extra.includes(place)) return [];
			const [name = '', depends] = place.split('.');
			const setting = settings[name];
			if (!setting)
				return [found(key, `{${place}} is not a setting`, `Known: ${[...Object.keys(settings), ...extra].join(', ')}`)];
			if (setting.secret) return [found(key, `{${place}} is a secret`, 'Secrets belong to `auth` only')];
			if (!setting.identity)
				return [
					found(
						`settings.${name}`,
						'is part of the request and not identity',
						'Add identity: true: another value is another log',
					),
				];
			if (!setting.required && setting.default === undefined)
				return [
					found(`settings.${name}`, 'is part of the request and may be absent', 'Add required: true or a default'),
				];
			const values = setting.values ?? [];
			const lacks = depends === undefined ? [] : values.filter((value) => per[name]?.[value]?.[depends] === undefined);
			if (depends !== undefined && (values.length === 0 || lacks.length > 0))
				return [
					found(key, `{${place}} has no value for ${lacks.join(', ') || 'any value'}`, `Give it under per.${name}`),
				];
			return [];
		}),
	);
}

function textsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function boundFindings({ request, bounds, page, lateness, retention, event }: Declaration): Finding[] {
	const has = (name: string, ...parts: unknown[]) =>
		parts.flatMap(textsIn).some((text) => placesIn(text).includes(name));
	const always = [request.query, request.body];
	const findings: Finding[] = [];
	if (!has('from', ...always))
		findings.push(
			found('request', 'does not ask from anywhere: there is no {from}', 'Put {from} into the query or the body'),
		);
	const sendsTo = has('to', ...always, request.bounded);
	if (isUpperSent(bounds) && !sendsTo)
		findings.push(found('request', 'has no {to}', 'Put {to} into `bounded`, or say bounds.upper: none'));
	if (bounds.upper === 'required' && !has('to', ...always))
		findings.push(found('request', 'has no {to}, and the upper bound is required', 'Put {to} beside {from}'));
	if (bounds.upper !== 'required' && has('to', ...always))
		findings.push(
			found('request', 'has {to} where there may be none', 'Put it into `bounded`, or say bounds.upper: required'),
		);
	if (bounds.span !== undefined && !isUpperSent(bounds))
		findings.push(found('bounds.span', 'needs an upper bound', 'Say how one is sent'));
	if (bounds.onBounded && bounds.on !== 'stored')
		findings.push(found('bounds.onBounded', 'has no effect without on: stored', 'Remove it'));
	if (bounds.boundedLateness !== undefined && !bounds.onBounded)
		findings.push(found('bounds.boundedLateness', 'has no effect without onBounded', 'Remove it, or raise lateness'));
	if (page.kind === 'none' && bounds.span === undefined)
		findings.push(
			found('bounds', 'has no span, and all of a range is one answer', 'Give a span that one answer can hold'),
		);
	if (parseDuration(lateness) === 0)
		findings.push(found('lateness', 'is zero', 'Say how long an event may take to become visible'));
	if (retention !== undefined && parseDuration(retention)! <= parseDuration(lateness)!)
		findings.push(found('lateness', 'is not shorter than the retention', 'One of them is wrong'));
	if (event.id === undefined && event.hash === undefined)
		findings.push(found('event', 'has neither id nor hash', 'Say where the id is, or which members tell events apart'));
	if (event.id !== undefined && event.hash !== undefined)
		findings.push(found('event', 'has both id and hash', 'Keep one of them'));
	return findings;
}

function eventFindings({ list }: Declaration): Finding[] {
	const depth = list?.at?.split(/(?<!\\)\./).length ?? 0;
	if (depth > 2) return [found('list.at', 'is deeper than two names', 'Such a list needs a provider in TypeScript')];
	const isIdle = list?.missing !== undefined && depth === 0;
	return isIdle ? [found('list.missing', 'has no effect where the answer itself is the list', 'Remove it')] : [];
}

/** What no reading of the declaration makes lossless runs only when it says so itself. */
function lossFindings({ bounds, page, order, rejected, lossy }: Declaration): Finding[] {
	if (lossy !== undefined) return [];
	const isByNumber = page.kind === 'page' || page.kind === 'offset';
	const fix = 'Say in `lossy` what can be lost, or find another way to page';
	const findings: Finding[] = [];
	if (isByNumber && !isUpperSent(bounds))
		findings.push(
			found('page.kind', 'counts rows of a list that moves: without an upper bound, rows slip between two pages', fix),
		);
	if (rejected === 'below' && order !== 'newest')
		findings.push(
			found('rejected', 'goes on below what is safe in a list that is not newest first', 'Say rejected: restart'),
		);
	return findings;
}
