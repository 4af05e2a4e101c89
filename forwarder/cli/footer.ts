/** A line that stays below what is written on a terminal, such as a log. */
import type { Output } from './io';

export interface Footer {
	/** What everything else has to be written to as long as there is a footer: whole lines. */
	readonly above: Output;
	show(text: string): void;
	/** Removes it. */
	done(): void;
}

const CLEAR = '\r\x1b[K';

export function createFooter(output: Output): Footer {
	let shown = '';
	// a line that wraps could not be taken back
	const line = () => [...shown].slice(0, (output.columns || 80) - 1).join('');
	const put = (text: string) => {
		if (text === shown) return;
		shown = text;
		output.write(`${CLEAR}${line()}`);
	};
	return {
		above: {
			write: (text) => output.write(shown ? `${CLEAR}${text}${line()}` : text),
			get isTTY() {
				return output.isTTY;
			},
			get columns() {
				return output.columns;
			},
		},
		show: put,
		done: () => put(''),
	};
}
