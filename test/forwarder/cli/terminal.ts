/** A person at a terminal, who types each answer when the question is there. */
import { PassThrough } from 'node:stream';
import type { Input } from '../../../forwarder/cli/io';

export interface Person {
	stdin: Input;
	/** What has to be told of all that is written to stderr. */
	reads(text: string): void;
	/** How the terminal was switched: true, what is typed is not shown. */
	raw(): boolean[];
	/** Answers that nobody has asked for. */
	left(): string[];
}

export function terminal(answers: readonly (readonly [question: string, answer: string])[]): Person {
	const [waiting, modes]: [(readonly [string, string])[], boolean[]] = [[...answers], []];
	let unread = '';
	const input = new PassThrough();
	return {
		stdin: Object.assign(input, {
			isTTY: true,
			setRawMode: (raw: boolean) => void modes.push(raw),
		}) as unknown as Input,
		reads(text) {
			unread += text;
			const [next] = waiting;
			if (!/: $/.test(unread)) return;
			// somebody who is asked something else goes away
			if (!next || !unread.includes(next[0])) return void input.end();
			waiting.shift();
			unread = '';
			setImmediate(() => input.write(`${next[1]}${modes.at(-1) ? '\r' : '\n'}`));
		},
		raw: () => modes,
		left: () => waiting.map(([question]) => question),
	};
}
