import type { Answer } from './answer';

/** Shorter values (`1`, `eu`) are no keys, and cutting them out would only spoil the text. */
const SHORTEST_SECRET = 6;

const MESSAGE_LENGTH = 500;

/** Some receivers repeat the key they refuse. Its words go to logs and dead letters, so the key is cut out of them. */
export function withoutSecrets(answer: Answer, headerValues: readonly string[]): Answer {
	const secrets = headerValues
		// `Bearer abc` may come back as `abc`
		.flatMap((value) => [value, ...value.split(/\s+/)])
		.filter((value) => value.length >= SHORTEST_SECRET && !/^(bearer|basic|apikey|api-token)$/i.test(value))
		.sort((a, b) => b.length - a.length);
	// shortened afterwards, or the first half of a key could be left at the end
	const clean = (text: string) =>
		secrets.reduce((rest, secret) => rest.replaceAll(secret, '[REDACTED]'), text).slice(0, MESSAGE_LENGTH);
	switch (answer.kind) {
		case 'accepted':
			return answer.warning === undefined ? answer : { ...answer, warning: clean(answer.warning) };
		case 'retry':
		case 'maybe':
			return { ...answer, reason: clean(answer.reason) };
		default:
			return { ...answer, message: clean(answer.message) };
	}
}
