/** Log records of an `ExportLogsServiceRequest`, without looking into them. */
export function countRecords(request: Buffer): number {
	let count = 0;
	for (const resourceLogs of fields(request, 0, request.length, 1)) {
		for (const scopeLogs of fields(request, ...resourceLogs, 2)) {
			for (const _ of fields(request, ...scopeLogs, 2)) count++;
		}
	}
	return count;
}

/** Where the contents of one nested field stand; on these levels nothing but nested fields occurs. */
function* fields(bytes: Buffer, start: number, end: number, wanted: number): Generator<[start: number, end: number]> {
	let at = start;
	const varint = () => {
		let value = 0;
		for (let shift = 1; ; shift *= 128) {
			const byte = bytes[at++]!;
			value += (byte & 0x7f) * shift;
			if (byte < 0x80) return value;
		}
	};
	while (at < end) {
		const tag = varint();
		const length = varint();
		if (tag >> 3 === wanted) yield [at, at + length];
		at += length;
	}
}
