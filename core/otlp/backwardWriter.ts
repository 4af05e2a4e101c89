/**
 * Protobuf written from the end of a buffer towards its beginning: what is inside a message is there before its length has to be
 * said, so one pass is enough and nothing is measured or moved.
 */
const utf8 = new TextEncoder();

/** Up to here a loop is faster than a call out of JavaScript. */
const SHORT = 64;

export class BackwardWriter {
	#bytes: Uint8Array<ArrayBuffer>;
	#view: DataView;
	/** Index of the first byte that is written. */
	#at: number;

	constructor(size = 64 * 1024) {
		this.#bytes = new Uint8Array(size);
		this.#view = new DataView(this.#bytes.buffer);
		this.#at = size;
	}

	/** Bytes written so far. */
	get length(): number {
		return this.#bytes.length - this.#at;
	}

	/** Everything that was written. The bytes belong to the caller; nothing may be written afterwards. */
	finish(): Uint8Array<ArrayBuffer> {
		return this.#bytes.subarray(this.#at);
	}

	/** Length and tag in front of what was written since `length` was `since`: makes it a nested message, or bytes. */
	close(tag: number, since: number): void {
		this.#room(10);
		this.#varint32(this.length - since);
		this.#bytes[--this.#at] = tag;
	}

	/** Tags of one byte only: field numbers up to 15. */
	tag(tag: number): void {
		this.#room(1);
		this.#bytes[--this.#at] = tag;
	}

	bytes(value: Uint8Array): void {
		this.#room(value.length);
		this.#at -= value.length;
		this.#bytes.set(value, this.#at);
	}

	text(tag: number, value: string): void {
		const since = this.length;
		this.#room(value.length);
		if (value.length > SHORT || !this.#ascii(value)) this.#utf8(value);
		this.close(tag, since);
	}

	/** Integers of 64 bits at most; negative ones take ten bytes. */
	integer(tag: number, value: number): void {
		this.#room(11);
		if (value >= 0 && value < 2 ** 31) this.#varint32(value);
		else this.#varint64(BigInt.asUintN(64, BigInt(value)));
		this.#bytes[--this.#at] = tag;
	}

	double(tag: number, value: number): void {
		this.#room(9);
		this.#at -= 8;
		this.#view.setFloat64(this.#at, value, true);
		this.#bytes[--this.#at] = tag;
	}

	fixed32(tag: number, value: number): void {
		this.#room(5);
		this.#at -= 4;
		this.#view.setUint32(this.#at, value, true);
		this.#bytes[--this.#at] = tag;
	}

	fixed64(tag: number, value: bigint): void {
		this.#room(9);
		this.#at -= 8;
		this.#view.setBigUint64(this.#at, BigInt.asUintN(64, value), true);
		this.#bytes[--this.#at] = tag;
	}

	/** False, with nothing written, when there is more than ASCII in it. */
	#ascii(value: string): boolean {
		const bytes = this.#bytes;
		let at = this.#at;
		for (let index = value.length - 1; index >= 0; index--) {
			const code = value.charCodeAt(index);
			if (code > 127) return false;
			bytes[--at] = code;
		}
		this.#at = at;
		return true;
	}

	#utf8(value: string): void {
		const most = value.length * 3;
		this.#room(most);
		const start = this.#at - most;
		const { written } = utf8.encodeInto(value, this.#bytes.subarray(start, this.#at));
		this.#bytes.copyWithin(this.#at - written, start, start + written);
		this.#at -= written;
	}

	#varint32(value: number): void {
		if (value < 0x80) {
			this.#bytes[--this.#at] = value;
			return;
		}
		let bits = 7;
		while (value >>> bits > 0x7f) bits += 7;
		this.#bytes[--this.#at] = value >>> bits;
		for (bits -= 7; bits >= 0; bits -= 7) this.#bytes[--this.#at] = ((value >>> bits) & 0x7f) | 0x80;
	}

	#varint64(value: bigint): void {
		const septets: number[] = [];
		for (let rest = value; rest > 0n || septets.length === 0; rest >>= 7n) septets.push(Number(rest & 0x7fn));
		for (let index = septets.length - 1; index >= 0; index--) {
			this.#bytes[--this.#at] = septets[index]! | (index < septets.length - 1 ? 0x80 : 0);
		}
	}

	#room(count: number): void {
		if (this.#at >= count) return;
		const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + count));
		const at = larger.length - this.length;
		larger.set(this.#bytes.subarray(this.#at), at);
		this.#bytes = larger;
		this.#view = new DataView(larger.buffer);
		this.#at = at;
	}
}
