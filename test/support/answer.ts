/** What a `Call` makes of a body. */
import { parseAnswer } from '../../core/json/parse';

export function answerOf(text: string) {
	const body = Buffer.from(text);
	return { body, ...parseAnswer(body) };
}

/** The text of each element of a list in an answer. */
export function elementsOf(text: string, list: string): readonly string[] {
	return answerOf(text)
		.lists.get(list)!
		.map(({ raw }) => raw);
}
