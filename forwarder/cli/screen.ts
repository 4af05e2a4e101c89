/** A terminal of its own for something that is drawn again and again. What was on it before is there again afterwards. */
import type { Output } from './io';
import { harmless } from './output';
import { cut } from './table';

export interface Screen {
	/** In place of what is there; what does not fit is cut off. */
	draw(lines: readonly string[]): void;
	close(): void;
}

/** The other buffer, and no cursor. */
const OPEN = '\x1b[?1049h\x1b[?25l';
const CLOSE = '\x1b[?25h\x1b[?1049l';

export function openScreen(output: Output): Screen {
	output.steer?.(OPEN);
	return {
		draw(lines) {
			const shown = lines
				.slice(0, output.rows || 24)
				.map((line) => `${cut(harmless(line), output.columns || 80)}\x1b[K`);
			// in raw mode nothing goes back to the first column by itself
			output.steer?.(`\x1b[H${shown.join('\r\n')}\x1b[J`);
		},
		close: () => void output.steer?.(CLOSE),
	};
}
