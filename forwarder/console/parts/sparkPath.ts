/** The line of a sparkline, from nothing to the highest point; where a point is missing it breaks. One point alone is no line. */
export function pathOf(points: readonly (number | null)[], width: number, height: number): string {
	if (points.filter((point) => point !== null).length < 2) return '';
	const most = Math.max(...points.map((point) => point ?? 0), 1e-9);
	const step = (width - 2) / Math.max(1, points.length - 1);
	let path = '';
	let isDrawing = false;
	points.forEach((point, i) => {
		if (point === null) {
			isDrawing = false;
			return;
		}
		// the line has a width, which stays inside
		const y = height - 1 - (point / most) * (height - 2);
		path += `${isDrawing ? 'L' : 'M'}${tenth(1 + i * step)} ${tenth(y)}`;
		// a point between two holes is a dot
		if (!isDrawing && (points[i + 1] ?? null) === null) path += 'h0';
		isDrawing = true;
	});
	return path;
}

const tenth = (value: number) => Math.round(value * 10) / 10;
