/** An answer's limits, said as all others say theirs: 429, `x-ratelimit-remaining`, and `x-ratelimit-reset` in seconds from now. */
import type { HttpResponse } from '../../core/contract';
import { bodyText } from '../../core/http/readJson';
import { parseInstant, toMillis } from '../../core/time';
import type { Limits } from './form/request';

type Headers = HttpResponse['headers'];

export function limitReader({
	limited = [429],
	remaining,
	reset,
	resetAs = 'epoch',
}: Limits): (response: HttpResponse, now: number) => HttpResponse {
	const rules = limited.map(String).map((rule) => ({ status: Number(rule.slice(0, 3)), words: rule.slice(4) }));
	return (response, now) => {
		const left = remaining === undefined ? undefined : firstNumber(response.headers[remaining]);
		const headers: Headers = { ...response.headers };
		if (left !== undefined) headers['x-ratelimit-remaining'] = String(Math.max(0, Math.floor(left)));
		const waitMs = reset === undefined ? undefined : untilMs(response.headers[reset], resetAs, headers, now);
		if (waitMs !== undefined) headers['x-ratelimit-reset'] = String(Math.ceil(Math.max(0, waitMs)) / 1000);
		const isLimited = rules.some(({ status, words }) => status === response.status && saysSo(status, words));
		return { ...response, headers, status: isLimited ? 429 : response.status };

		/** A bare 403 is mostly a key that may not read. */
		function saysSo(status: number, words: string): boolean {
			if (words !== '') return bodyText(response.body).includes(words);
			return status !== 403 || left === 0 || response.headers['retry-after'] !== undefined;
		}
	};
}

function untilMs(
	value: string | undefined,
	as: NonNullable<Limits['resetAs']>,
	headers: Headers,
	now: number,
): number | undefined {
	if (value === undefined) return undefined;
	const ours = Date.parse(headers['date'] ?? '');
	const theirs = Number.isNaN(ours) ? now : ours;
	if (as === 'date') return dateMs(value) === undefined ? undefined : dateMs(value)! - theirs;
	const number = firstNumber(value);
	if (number === undefined) return undefined;
	if (as === 'seconds') return number * 1000;
	return (as === 'epoch' ? number * 1000 : number) - theirs;
}

/** Some say it to the minute only. */
function dateMs(value: string): number | undefined {
	const instant = parseInstant(value) ?? parseInstant(value.replace(/(T\d{2}:\d{2})(?!:)/, '$1:00'));
	if (instant !== undefined) return toMillis(instant);
	const ms = Date.parse(value);
	return Number.isNaN(ms) ? undefined : ms;
}

/** `160, 160;w=1` is 160. */
function firstNumber(value = ''): number | undefined {
	const [, number] = /^\s*(\d{1,15}(?:\.\d{1,9})?)/.exec(value) ?? [];
	return number === undefined ? undefined : Number(number);
}
