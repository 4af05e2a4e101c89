/** "Did you mean": the known word that a mistyped one is closest to. */

/** Undefined when nothing is close enough to be a typing mistake. */
export function nearest(word: string, known: readonly string[]): string | undefined {
	const wanted = word.toLowerCase();
	const best = known
		.map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
		.sort((a, b) => a.distance - b.distance)[0];
	if (!best) return undefined;
	return best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
	const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const replace = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
			let cost = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replace);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
				cost = Math.min(cost, rows[i - 2]![j - 2]! + 1);
			row.push(cost);
		}
		rows.push(row);
	}
	return rows[a.length]![b.length]!;
}
