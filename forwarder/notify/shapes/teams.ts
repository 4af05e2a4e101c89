/** A workflow of Teams that begins with a webhook posts the Adaptive Card that it is given. Its runs are text, without markup. */
import { wordsOf } from '../message';
import type { Shape } from './shape';

const VERSION = '1.4';

export const teams: Shape = ({ begun, over, from }) => {
	const { title, sections } = wordsOf({ begun: [...begun], over: over.map(({ notice }) => notice) }, from);
	const run = (text: string, more: object = {}) => ({
		type: 'RichTextBlock',
		inlines: [{ type: 'TextRun', text, ...more }],
	});
	const body = [
		run(title, { weight: 'Bolder', size: 'Medium' }),
		...sections.flatMap(({ title: heading, isOver, lines }) => [
			run(heading, { weight: 'Bolder', color: isOver ? 'Good' : 'Attention' }),
			...lines.map((line) => run(line)),
		]),
	];
	const content = {
		$schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
		type: 'AdaptiveCard',
		version: VERSION,
		msteams: { width: 'Full' },
		body,
	};
	const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
	return [{ body: { type: 'message', attachments: [attachment] }, begun, over }];
};
