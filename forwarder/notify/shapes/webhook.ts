/** JSON of our own (docs/operations.md), with all there is to say. */
import type { Notice, Problem } from '../problem';
import type { Shape } from './shape';

export const webhook: Shape = ({ begun, over, open, from, at }) => [
	{
		body: {
			version: 1,
			from,
			at,
			begun: begun.map(shown),
			over: over.map(({ notice }) => ({ ...shown(notice), toldAt: notice.toldAt })),
			/** So many are not over, these included. */
			open: open.length + begun.length - over.length,
		},
		begun,
		over,
	},
];

function shown({ rule, severity, source, destination, notification, since, message, fix }: Problem | Notice): Problem {
	return { rule, severity, source, destination, notification, since, message, fix };
}
