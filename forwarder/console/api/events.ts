/** Server-sent events out of the pieces of an answer: whole ones only, whatever the pieces are. */
export function createEventReader(tell: (data: string) => void): (piece: string) => void {
	let rest = '';
	return (piece) => {
		rest += piece;
		for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
			const data = rest
				.slice(0, end)
				.split('\n')
				.filter((line) => line.startsWith('data:'))
				.map((line) => line.slice(5).trimStart());
			rest = rest.slice(end + 2);
			// a comment alone only says that the connection lives
			if (data.length > 0) tell(data.join('\n'));
		}
	};
}
