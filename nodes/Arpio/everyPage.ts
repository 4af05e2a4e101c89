import { PositionRejected } from '../shared/core';

/** Pages of a list, until there is no token that leads on. */
export async function* everyPage<Page extends { token?: string }>(
	read: (token: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
	const sent = new Set<string>();
	for (let token: string | undefined; ;) {
		const page = await read(token);
		yield page;
		token = page.token;
		if (token === undefined) return;
		if (sent.has(token)) throw new PositionRejected('Arpio gave the same continuation token twice.');
		sent.add(token);
	}
}
