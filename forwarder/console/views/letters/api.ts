/** Where dead letters are asked for and dealt with. */
import type { LettersOf } from './letters';

const PATH = '/api/v1/dead-letters';

const paramsOf = (of: LettersOf, more: Record<string, string>) => new URLSearchParams({ ...of, ...more }).toString();

export const letterPath = (of: LettersOf, q: string, offset: number, limit: number) =>
	`${PATH}?${paramsOf(of, { ...(q && { q }), offset: String(offset), limit: String(limit) })}`;
export const exportPath = (of: LettersOf, q: string) => `${PATH}/export?${paramsOf(of, { ...(q && { q }) })}`;
export const actionPath = (verb: 'retry' | 'discard') => `${PATH}/${verb}`;
