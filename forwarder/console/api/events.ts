/** The data of server-sent events out of the pieces of an answer: whole ones only, whatever the pieces are. */
export function createEventReader(tell: (data: string) => void): (piece: string) => void {
	let rest = '';
	return (piece) => {
		const blocks = (rest + piece).split('\n\n');
		rest = blocks.pop()!;
		for (const block of blocks) {
			const lines = block.split('\n').filter((line) => line.startsWith('data:'));
			// a comment alone only says that the connection lives
			if (lines.length > 0) tell(lines.map((line) => line.slice(5).trimStart()).join('\n'));
		}
	};
}
