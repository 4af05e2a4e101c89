/** Slack's incoming webhooks: one text in their own markup. */
import { wordsOf } from '../message';
import type { Shape } from './shape';

export const slack: Shape = ({ begun, over, from }) => {
	const { title, sections } = wordsOf({ begun: [...begun], over: over.map(({ notice }) => notice) }, from);
	const parts = sections.map(({ title: heading, isOver, lines }) =>
		[
			`${isOver ? ':white_check_mark:' : ':warning:'} *${escaped(heading)}*`,
			...lines.map((line) => `• ${escaped(line)}`),
		].join('\n'),
	);
	return [{ body: { text: [`*${escaped(title)}*`, ...parts].join('\n') }, begun, over }];
};

/** Those three characters begin what is not text: links, and calls to everybody in a channel. */
function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
