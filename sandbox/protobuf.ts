/** As much of the protobuf wire format as the OTLP receiver needs. */

export type Field =
	| { readonly number: number; readonly wire: 'varint' | 'fixed64'; readonly value: bigint }
	| { readonly number: number; readonly wire: 'fixed32'; readonly value: number }
	| { readonly number: number; readonly wire: 'bytes'; readonly value: Uint8Array };

/** Fields of one message in the order of the wire; throws on anything that is not protobuf. */
export function* fields(bytes: Uint8Array): Generator<Field> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let at = 0;
	const varint = (): bigint => {
		let value = 0n;
		for (let shift = 0n; shift < 70n; shift += 7n) {
			const byte = bytes[at++];
			if (byte === undefined) throw new Error('protobuf: message ends inside a varint');
			value |= BigInt(byte & 0x7f) << shift;
			if (byte < 0x80) return BigInt.asUintN(64, value);
		}
		throw new Error('protobuf: varint too long');
	};
	const take = (length: number): number => {
		const start = at;
		at += length;
		if (at > bytes.length) throw new Error('protobuf: message ends inside a field');
		return start;
	};
	while (at < bytes.length) {
		const tag = Number(varint());
		const number = Math.floor(tag / 8);
		if (number === 0) throw new Error('protobuf: field number 0');
		switch (tag % 8) {
			case 0:
				yield { number, wire: 'varint', value: varint() };
				break;
			case 1:
				yield { number, wire: 'fixed64', value: view.getBigUint64(take(8), true) };
				break;
			case 2: {
				const length = Number(varint());
				const start = take(length);
				yield { number, wire: 'bytes', value: bytes.subarray(start, start + length) };
				break;
			}
			case 5:
				yield { number, wire: 'fixed32', value: view.getUint32(take(4), true) };
				break;
			default:
				throw new Error(`protobuf: wire type ${tag % 8}`);
		}
	}
}

export function varintField(number: number, value: bigint): Buffer {
	return Buffer.concat([varint(BigInt(number) << 3n), varint(BigInt.asUintN(64, value))]);
}

export function bytesField(number: number, value: Uint8Array): Buffer {
	return Buffer.concat([varint((BigInt(number) << 3n) | 2n), varint(BigInt(value.length)), value]);
}

function varint(value: bigint): Buffer {
	const bytes: number[] = [];
	for (let rest = value; ; rest >>= 7n) {
		if (rest < 0x80n) {
			bytes.push(Number(rest));
			return Buffer.from(bytes);
		}
		bytes.push(Number(rest & 0x7fn) | 0x80);
	}
}
