/** Answers that come compressed, asked for or not. With the web's own decompression: Node has it, and n8n allows it. */

/**
 * What `body` holds. As it is when it is not compressed, or not as it says: HTTP clients decompress by themselves and leave the
 * label, and an empty answer labelled gzip is an empty answer. Undefined when it would be larger than `limit` bytes.
 *
 * @param coding the header `content-encoding`, or nothing
 */
export async function decompressed(coding: string, body: Uint8Array, limit: number): Promise<Uint8Array | undefined> {
	const format = formatOf(coding, body);
	if (!format) return body;
	try {
		const stream = new DecompressionStream(format);
		const writer = stream.writable.getWriter();
		// what goes wrong shows on the other side
		for (const written of [writer.write(body as Uint8Array<ArrayBuffer>), writer.close()])
			written.catch(() => undefined);
		const chunks: Uint8Array[] = [];
		let size = 0;
		for await (const chunk of stream.readable as AsyncIterable<Uint8Array>) {
			size += chunk.length;
			if (size > limit) return undefined;
			chunks.push(chunk);
		}
		return joined(chunks, size);
	} catch {
		return body;
	}
}

type Format = ConstructorParameters<typeof DecompressionStream>[0];

/** gzip says so itself, whatever the label: no OTLP answer begins like it. */
function formatOf(coding: string, body: Uint8Array): Format | undefined {
	if (body[0] === 0x1f && body[1] === 0x8b) return 'gzip';
	if (body.length === 0) return undefined;
	if (/\bbr\b/i.test(coding)) return 'brotli' as Format;
	return /\bdeflate\b/i.test(coding) ? 'deflate' : undefined;
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
	const all = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		all.set(chunk, at);
		at += chunk.length;
	}
	return all;
}
