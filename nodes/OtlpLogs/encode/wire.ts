/** As much of the protobuf wire format as log records need. */

const utf8 = new TextEncoder();

export type Bytes = Uint8Array<ArrayBuffer>;

export function joined(parts: readonly Uint8Array[]): Bytes {
	const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

/** A nested message, or bytes. */
export function message(field: number, content: Uint8Array): Bytes {
	return joined([varint(BigInt(field * 8 + 2)), varint(BigInt(content.length)), content]);
}

export function text(field: number, value: string): Bytes {
	return message(field, utf8.encode(value));
}

/** Integers, booleans and enums; negative ones take ten bytes. */
export function integer(field: number, value: bigint): Bytes {
	return joined([varint(BigInt(field * 8)), varint(BigInt.asUintN(64, value))]);
}

export function fixed64(field: number, value: bigint): Bytes {
	const bytes = new DataView(new ArrayBuffer(8));
	bytes.setBigUint64(0, BigInt.asUintN(64, value), true);
	return joined([varint(BigInt(field * 8 + 1)), new Uint8Array(bytes.buffer)]);
}

export function double(field: number, value: number): Bytes {
	const bytes = new DataView(new ArrayBuffer(8));
	bytes.setFloat64(0, value, true);
	return joined([varint(BigInt(field * 8 + 1)), new Uint8Array(bytes.buffer)]);
}

function varint(value: bigint): Bytes {
	const bytes: number[] = [];
	for (let rest = value; ; rest >>= 7n) {
		if (rest < 0x80n) return new Uint8Array([...bytes, Number(rest)]);
		bytes.push(Number(rest & 0x7fn) | 0x80);
	}
}
