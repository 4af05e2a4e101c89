/** The token of whoever looks (`server.auth.token`): kept as long as the tab is open. Other logins are the browser's own affair. */

const KEY = 'audit-relay-token';

export function logIn(token: string): void {
	sessionStorage.setItem(KEY, token);
}

export const isLoggedIn = () => sessionStorage.getItem(KEY) !== null;

/** `fetch` with the token, if there is one. */
export async function ask(
	path: string,
	init: RequestInit & { headers?: Record<string, string> } = {},
): Promise<Response> {
	const token = sessionStorage.getItem(KEY);
	const headers = { ...init.headers, ...(token !== null && { authorization: `Bearer ${token}` }) };
	return fetch(path, { ...init, headers });
}
