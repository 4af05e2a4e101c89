/** The way out to stdout and stderr. Whatever others have written, an event or an error, passes here, so nothing of it can steer a terminal. */
import type { Output } from './io';

/**
 * Control characters that are none of ours: C0 but for line breaks and tabs, C1 (`\u009b` begins a command as ESC [ does), those that turn
 * the direction of writing, and ESC but for the colours and the cleared line that we write ourselves.
 */
const STEERING =
	// eslint-disable-next-line no-control-regex
	/[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\u001b(?!\[[\d;]*[mK])/g;

/** With such characters as `\u009b`, which in JSON means the same as before. */
export function harmless(text: string): string {
	return text.replace(STEERING, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function outputTo(stream: NodeJS.WriteStream): Output {
	return {
		write: (text) => stream.write(harmless(text)),
		writeAsReceived: (text) => stream.write(stream.isTTY ? harmless(text) : text),
		steer: (text) => stream.isTTY && stream.write(text),
		get isTTY() {
			return stream.isTTY;
		},
		get columns() {
			return stream.columns;
		},
		get rows() {
			return stream.rows;
		},
	};
}
