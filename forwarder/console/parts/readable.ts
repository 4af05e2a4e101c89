/** JSON with its lines; anything else as it is. */
export function readable(text: string): string {
	try {
		return JSON.stringify(JSON.parse(text), undefined, 2);
	} catch {
		return text;
	}
}
