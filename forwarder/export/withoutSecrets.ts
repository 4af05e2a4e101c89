import { withoutKeys } from '../http/withoutKeys';
import type { Answer } from './answer';

const MESSAGE_LENGTH = 500;

/** Some receivers repeat the key they refuse. Its words go to logs and dead letters, so the key is cut out of them. */
export function withoutSecrets(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
	// shortened afterwards, or less than a piece of a key could be left at the end
	const clean = (text: string) => withoutKeys(text, headers).slice(0, MESSAGE_LENGTH);
	switch (answer.kind) {
		case 'accepted':
			return {
				...answer,
				...(answer.warning !== undefined && { warning: clean(answer.warning) }),
				...(answer.unread !== undefined && { unread: clean(answer.unread) }),
			};
		case 'retry':
		case 'maybe':
			return { ...answer, reason: clean(answer.reason) };
		default:
			return { ...answer, message: clean(answer.message) };
	}
}
