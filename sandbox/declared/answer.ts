/** Writes a page as the declaration says that the API does: list, position, sign of the end, limits. */
import type { Declaration } from '../../providers/declared/form/declaration';
import type { SimReply } from '../api';
import type { StoredEvent } from '../eventLog';
import { get, set, steps, type Json } from './places';
import type { Readings } from './readings';

export interface Written {
	body: string;
	headers: SimReply['headers'];
}

export interface PageToWrite {
	rows: readonly StoredEvent[];
	/** Absent: this page says that there is no more. */
	position?: string;
	total: number;
	/** No more rows, whatever position is carried along. */
	isLast: boolean;
	/** Addresses for `link` and `url`, made of a position. */
	address: (position: string) => string;
}

/** Stand for texts that go out as they are. */
const LIST = '@list@';
const NUMBER = /"@number@(\d+)"/;

export function write(page: PageToWrite, declaration: Declaration, readings: Readings): Written {
	const { list: { at, missing } = {}, page: paging } = declaration;
	const elements = `[${page.rows.map(({ raw }) => raw).join(',')}]`;
	const headers = paging.kind === 'link' ? linkHeader(page, declaration, readings) : {};
	if (at === undefined) return { body: elements, headers };
	const body: Json = {};
	const leaveOut = page.rows.length === 0 && missing === 'empty' ? readings.emptyList : 'there';
	if (leaveOut !== 'absent') set(body, at, leaveOut === 'null' ? null : LIST);
	const { incomplete } = declaration;
	if (incomplete) set(body, incomplete.at, incomplete.not[0]);
	if (paging.end?.total !== undefined) set(body, paging.end.total, counted(page.total, readings));
	if (paging.end?.flag !== undefined) set(body, paging.end.flag, !page.isLast);
	if (paging.at !== undefined && paging.kind !== 'link') place(body, paging.at, page, paging.kind, readings);
	const text = JSON.stringify(body).replace(`"${LIST}"`, () => elements);
	return { body: text.replace(NUMBER, '$1'), headers };
}

function place(body: Json, at: string, page: PageToWrite, kind: string, readings: Readings): void {
	if (page.position !== undefined) {
		const isNumber = readings.position === 'number' && kind === 'cursor';
		const value = kind === 'url' ? page.address(page.position) : page.position;
		set(body, at, isNumber ? `@number@${value}` : kind === 'page' ? Number(value) : value);
	} else if (readings.end === 'null') set(body, at, null);
	else if (readings.end === 'empty') set(body, at, '');
	else if (get(body, steps(at).slice(0, -1).join('.') || at) === undefined && steps(at).length > 1)
		set(body, steps(at).slice(0, -1).join('.'), {});
}

function counted(total: number, { count }: Readings): number {
	return count === 'right' ? total : count === 'tooHigh' ? total + 3 : Math.max(0, total - 3);
}

function linkHeader(
	{ position, isLast, address }: PageToWrite,
	{ page: { end } }: Declaration,
	{ link }: Readings,
): SimReply['headers'] {
	if (position === undefined) return link === 'plain' ? {} : { link: `<${address('first')}>; rel="first"` };
	const url = link === 'relative' ? address(position).replace(/^https?:\/\/[^/]+/, '') : address(position);
	const attribute = end?.attribute === undefined ? '' : `; ${end.attribute}="${isLast ? 'false' : 'true'}"`;
	const next = `<${url}>; rel=${link === 'unquoted' ? 'next' : '"next"'}${attribute}`;
	const before = `<${address('before')}>; rel="previous"${end?.attribute === undefined ? '' : `; ${end.attribute}="false"`}`;
	if (link === 'twoHeaders') return { link: [before, next] };
	return { link: link === 'amongOthers' ? `${before}, ${next}, <${address('x')}>; rel="self"` : next };
}
