/** How results look: colour and moving progress on a terminal, plain lines everywhere else. */
import { styleText } from 'node:util';
import type { Io, Output } from './io';
import { table } from './table';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta';

export interface Ui {
	readonly color: boolean;
	/** A pipe has room for everything. */
	readonly columns: number;
	readonly rows: number;
	readonly paint: (style: Style | Style[], text: string) => string;
	/** Columns aligned by their widest cell, with a line break at the end. Fits the terminal where there is one. */
	readonly table: (rows: readonly (readonly string[])[], head?: readonly string[]) => string;
}

/** NO_COLOR and FORCE_COLOR mean what no-color.org and Node say. */
export function createUi(output: Output, env: Io['env'], wanted = true): Ui {
	const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
	const color = wanted && !env['NO_COLOR'] && (forced || (output.isTTY === true && env['TERM'] !== 'dumb'));
	const paint: Ui['paint'] = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
	const room = (size: number | undefined) => (output.isTTY && size) || Infinity;
	const ui: Ui = {
		color,
		// asked each time: a window changes its size
		get columns() {
			return room(output.columns);
		},
		get rows() {
			return room(output.rows);
		},
		paint,
		table(rows, head) {
			return table(
				rows,
				head?.map((cell) => paint('bold', cell)),
				ui.columns,
			);
		},
	};
	return ui;
}

/** Text of others, safe on a terminal: an event must not move the cursor or retitle the window. */
export function plain(text: string): string {
	// eslint-disable-next-line no-control-regex
	return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (char) =>
		char === '\n' || char === '\t' ? ' ' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

/** For one cell of a table. */
export function shortened(text: string): string {
	return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** `1 source`, `2 sources`. */
export function counted(count: number, noun: string, many = `${noun}s`): string {
	return `${count} ${count === 1 ? noun : many}`;
}

export interface ProgressLine {
	/** On a terminal the line is rewritten; elsewhere a line is printed at most every `everyMs`. */
	update(text: string): void;
	/** Removes the moving line, and leaves `text` when given. */
	done(text?: string): void;
}

export function createProgress(io: Pick<Io, 'stderr' | 'clock'>, everyMs = 5000): ProgressLine {
	const { stderr, clock } = io;
	let last = -Infinity;
	const clear = () => {
		if (stderr.isTTY) stderr.write('\r\x1b[K');
	};
	return {
		update(text) {
			if (stderr.isTTY) {
				clear();
				// a line that wraps could not be taken back
				stderr.write(text.slice(0, (stderr.columns || 80) - 1));
			} else if (clock.now() - last >= everyMs) {
				last = clock.now();
				stderr.write(`${text}\n`);
			}
		},
		done(text) {
			clear();
			if (text !== undefined) stderr.write(`${text}\n`);
		},
	};
}
