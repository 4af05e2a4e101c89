/** Server-sent events out of the pieces of an answer: whole ones only, whatever the pieces are. */

/** @param tell with its name: `message` unless it has one */
export function createEventReader(tell: (data: string, event: string) => void): (piece: string) => void {
	let rest = '';
	return (piece) => {
		const blocks = (rest + piece).split('\n\n');
		rest = blocks.pop()!;
		for (const block of blocks) {
			const lines = block.split('\n');
			const of = (field: string) =>
				lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).trimStart());
			const data = of('data');
			// a comment alone only says that the connection lives
			if (data.length > 0) tell(data.join('\n'), of('event')[0] ?? 'message');
		}
	};
}
