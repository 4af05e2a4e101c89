/** What a request header may be: anything else would fail at each request, and look like a network that fails. */

export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Those by which HTTP itself says how a request is sent. */
const OWN = /^(connection|content-length|expect|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i;

type Mistake = [what: string, fix: string];

export function nameMistake(name: string): Mistake | undefined {
	if (!HEADER_NAME.test(name)) return ['is not a header name', 'Use letters, digits and dashes'];
	return OWN.test(name) ? ['is a header that HTTP sets itself', 'Remove it'] : undefined;
}

export function valueMistake(value: string): Mistake | undefined {
	// eslint-disable-next-line no-control-regex -- a line break would forge a second header
	if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
		return ['holds a line break or another control character', 'A header is one line of text'];
	}
	return /[\u0100-\uffff]/.test(value)
		? ['holds a character that no header can carry', 'Look for typographic quotes or dashes and invisible characters']
		: undefined;
}
