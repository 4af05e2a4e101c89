/** Stands in for the chat that some ready workflows post to. */
import { createServer } from 'node:http';
import { close, listen, readBody } from '../../../../sandbox/wire';

/** As it stands in the workflows. */
export const PLACEHOLDER = 'https://chat.example.com/webhook';

export interface Chat {
	readonly url: string;
	close(): Promise<void>;
}

export async function startChat(posted: (text: string) => void): Promise<Chat> {
	const server = createServer((message, response) => {
		void readBody(message).then((body) => {
			posted(textOf(body.toString()));
			response.setHeader('content-type', 'application/json').end('{"ok":true}');
		});
	});
	const { url } = await listen(server, '127.0.0.1', 0);
	return { url, close: () => close(server) };
}

function textOf(body: string): string {
	try {
		const { text } = JSON.parse(body) as { text?: unknown };
		return typeof text === 'string' ? text : body;
	} catch {
		return body;
	}
}
