/** What a receiver says in a 2xx answer: `ExportLogsServiceResponse` in either encoding. */
import { object, text } from '../../shared/core';

export type Answer =
	| { kind: 'accepted' }
	/** So many were refused; the protocol does not say which, and forbids to send them again. */
	| { kind: 'partial'; rejected: number; message: string }
	/** A web page: a login page or a proxy answered. */
	| { kind: 'page' };

export function readAnswer(contentType: string, body: Uint8Array): Answer {
	const words = new TextDecoder().decode(body);
	if (/html/i.test(contentType) || /^\s*<(?:!doctype|html)/i.test(words)) return { kind: 'page' };
	const isJson = /json/i.test(contentType);
	const { rejected, message } = isJson ? fromJson(words) : fromProtobuf(body);
	return rejected > 0 ? { kind: 'partial', rejected, message } : { kind: 'accepted' };
}

interface Partial {
	rejected: number;
	message: string;
}

const NOTHING: Partial = { rejected: 0, message: '' };

/** An answer that cannot be read is still a 2xx: the records were taken. */
function fromJson(words: string): Partial {
	try {
		const { rejectedLogRecords, errorMessage } = object(object(JSON.parse(words)).partialSuccess);
		return { rejected: Number(text(rejectedLogRecords) ?? 0) || 0, message: text(errorMessage) ?? '' };
	} catch {
		return NOTHING;
	}
}

function fromProtobuf(body: Uint8Array): Partial {
	try {
		const inner = fields(body).get(1);
		if (!(inner instanceof Uint8Array)) return NOTHING;
		const found = fields(inner);
		const message = found.get(2);
		return {
			rejected: Number(found.get(1) ?? 0),
			message: message instanceof Uint8Array ? new TextDecoder().decode(message) : '',
		};
	} catch {
		return NOTHING;
	}
}

/** Varints and byte fields by their number; the answer has no others. */
function fields(bytes: Uint8Array): Map<number, bigint | Uint8Array> {
	const found = new Map<number, bigint | Uint8Array>();
	let at = 0;
	const varint = (): bigint => {
		let value = 0n;
		for (let shift = 0n; ; shift += 7n) {
			const byte = bytes[at++];
			if (byte === undefined || shift > 63n) throw new RangeError('no varint');
			value |= BigInt(byte & 0x7f) << shift;
			if (byte < 0x80) return value;
		}
	};
	while (at < bytes.length) {
		const tag = Number(varint());
		if (tag % 8 === 0) found.set(tag >> 3, varint());
		else if (tag % 8 === 2) {
			const length = Number(varint());
			found.set(tag >> 3, bytes.subarray(at, (at += length)));
		} else throw new RangeError('unknown field');
	}
	return found;
}
