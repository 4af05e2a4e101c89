/** What letters say, for whoever may see it. */
import type { LettersOf } from './letters';

export interface LetterInfo {
	id: number;
	at: number;
	source: string;
	destination?: string;
	reason: string;
	detail: string;
	eventId: string;
	/** As received. */
	text?: string;
}

export interface LetterPage {
	total: number;
	rows: LetterInfo[];
}

const PATH = '/api/v1/dead-letters';

const paramsOf = (of: LettersOf, more: Record<string, string>) => new URLSearchParams({ ...of, ...more }).toString();

export const letterPath = (of: LettersOf, q: string, offset: number, limit: number) =>
	`${PATH}?${paramsOf(of, { ...(q && { q }), offset: String(offset), limit: String(limit) })}`;
export const exportPath = (of: LettersOf) => `${PATH}/export?${paramsOf(of, {})}`;
export const actionPath = (verb: 'retry' | 'discard') => `${PATH}/${verb}`;
