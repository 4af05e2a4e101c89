import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import type { Compression } from '../config/types';

const asyncGzip = promisify(gzip);
const asyncZstd = promisify(zstdCompress);

/** Runs on the thread pool: the loop that polls must not stand still meanwhile. Level 1: audit JSON gains little beyond it. */
export async function compress(body: Uint8Array, compression: Compression): Promise<Uint8Array> {
	switch (compression) {
		case 'none':
			return body;
		case 'gzip':
			return asyncGzip(body, { level: 1 });
		case 'zstd':
			return asyncZstd(body);
	}
}
