/** Finds the human and the machine-readable part of an error body, whatever its shape. */
import { object, text } from '../record/attributes';
import type { HttpFailure } from './failure';

const LIMIT = 500;
const CODE = /^[a-z][a-z0-9_.:-]{0,99}$/;

/** Key-like text: a server may echo what it was sent. Runs on at most a few hundred characters. */
const SECRETS: readonly RegExp[] = [
	/\b(?:bearer|basic)\s+[\w.~+/=:-]{8,}/gi,
	/\b(?:sk|pk|rk|key|ak|whsec)_[\w-]{8,}/gi,
	/\b[A-Za-z0-9]{16,64}:[\w+/=.-]{8,}/g,
	/\b(?:api[-_ ]?key|authorization|token|secret|password)["']?\s{0,3}[:=]\s{0,3}["']?(?=[^\s"']{0,64}\d)[^\s"',;]{12,}/gi,
];

/** One line of at most 500 characters, without anything that looks like a key. Undefined when nothing is left. */
export function quoted(words: unknown, limit = LIMIT): string | undefined {
	const given = text(words);
	if (given === undefined) return undefined;
	// cut generously first: the patterns then never see more than this, and no key is halved at the end
	let line = given
		.slice(0, 4 * LIMIT)
		// eslint-disable-next-line no-control-regex
		.replace(/[\s\u0000-\u001f\u007f]+/g, ' ')
		.trim();
	for (const secret of SECRETS) line = line.replace(secret, '[hidden]');
	return line.slice(0, limit) || undefined;
}

export function isHtml(body: string, contentType = ''): boolean {
	return (
		/^text\/html|^application\/xhtml/i.test(contentType.trim()) || /^\s{0,100}<(?:!doctype|html|head|body)/i.test(body)
	);
}

/** Title of a page, for people who must find out which proxy answered. */
export function describeHtml(body: string): string {
	const title = quoted(/<title[^>]{0,100}>([^<]{1,200})/i.exec(body.slice(0, 10_000))?.[1], 100);
	return title ? `HTML page "${title}"` : 'HTML page';
}

export type ErrorWords = Pick<HttpFailure, 'message' | 'code' | 'param' | 'required'> & { requestId?: string };

/**
 * Seen shapes: `{error:{message,type}}`, `{error:"Unauthorized"}`, `{error:"not_found",code,hint,param,required}`, `{message}`,
 * `{errors:[…]}`, `{errors:{field:[…]}}`, problem details, plain text. A code given as `error` gives way to
 * words for people when there are any.
 */
export function errorWords(body: string, json: unknown): ErrorWords {
	const top = object(json);
	const inner = object(top['error']);
	const slug = typeof top['error'] === 'string' && CODE.test(top['error']) ? top['error'] : undefined;
	const candidates = [
		inner['message'],
		slug === undefined ? top['error'] : undefined,
		top['message'],
		top['hint'],
		list(top['errors']),
		top['detail'],
		top['title'],
		slug,
		json === undefined || typeof json !== 'object' ? body : undefined,
		body.length > 2 ? body : undefined,
	];
	let message: string | undefined;
	for (const candidate of candidates) message ??= quoted(candidate);
	return {
		message,
		code: quoted(text(top['code']) ?? slug ?? text(inner['code']) ?? text(inner['type']), 100),
		param: quoted(top['param'] ?? inner['param'], 100),
		required: quoted(top['required'] ?? inner['required'], 200),
		requestId: quoted(top['request_id'] ?? top['requestId'] ?? inner['request_id'], 200),
	};
}

function list(errors: unknown): string | undefined {
	const entries: readonly (readonly [string, unknown])[] = Array.isArray(errors)
		? errors.slice(0, 5).map((error) => ['', error] as const)
		: Object.entries(object(errors)).slice(0, 5);
	const lines = entries.map(([key, value]) => {
		const values: unknown[] = Array.isArray(value) ? value.slice(0, 3) : [value];
		const said = values.map(
			(one) => text(one) ?? text(object(one)['message'] ?? object(one)['detail'] ?? object(one)['title']),
		);
		return [key, said.filter(Boolean).join(', ')].filter(Boolean).join(': ');
	});
	return lines.filter(Boolean).join('; ') || undefined;
}
