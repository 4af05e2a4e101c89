/** What keys do to what is shown. */
import type { SourceSort } from '../../server/api/types';

/** In the order of the key. */
export const SORTS = [
	'problems',
	'lag',
	'rate',
	'waiting',
	'deadLetters',
	'gaps',
	'name',
] as const satisfies readonly SourceSort[];

export interface Shown {
	sort: (typeof SORTS)[number];
	/** A part of the names of sources or of their providers. */
	filter: string;
	/** Keys are letters of the filter. */
	isTyping: boolean;
	/** Sources above the first one that is to be seen. */
	offset: number;
}

export const FIRST: Shown = { sort: 'problems', filter: '', isTyping: false, offset: 0 };

/** As Node's `readline` names them. */
export interface Key {
	name?: string;
	ctrl?: boolean;
	/** As typed. */
	sequence?: string;
}

/** @param page how many sources are seen at once, and how many there are */
export function press(shown: Shown, key: Key, { rows, total }: { rows: number; total: number }): Shown | 'quit' {
	if (key.ctrl && (key.name === 'c' || key.name === 'd')) return 'quit';
	if (shown.isTyping) return typed(shown, key);
	const to = (offset: number) => ({ ...shown, offset: Math.max(0, Math.min(offset, total - rows)) });
	switch (key.name ?? key.sequence) {
		case 'q':
			return 'quit';
		case 'up':
		case 'k':
			return to(shown.offset - 1);
		case 'down':
		case 'j':
			return to(shown.offset + 1);
		case 'pageup':
			return to(shown.offset - rows);
		case 'pagedown':
		case 'space':
			return to(shown.offset + rows);
		case 'home':
			return to(0);
		case 'end':
			return to(total);
		case 's':
			return { ...shown, sort: SORTS[(SORTS.indexOf(shown.sort) + 1) % SORTS.length]!, offset: 0 };
		case '/':
			return { ...shown, isTyping: true };
		case 'escape':
			return { ...shown, filter: '', offset: 0 };
		default:
			return shown;
	}
}

function typed(shown: Shown, { name, ctrl, sequence = '' }: Key): Shown {
	const filtered = (filter: string) => ({ ...shown, filter, offset: 0 });
	switch (name) {
		case 'return':
		case 'enter':
			return { ...shown, isTyping: false };
		case 'escape':
			return { ...filtered(''), isTyping: false };
		case 'backspace':
			return filtered(shown.filter.slice(0, -1));
		default:
			return !ctrl && /^[\w .-]$/.test(sequence) ? filtered(shown.filter + sequence) : shown;
	}
}
