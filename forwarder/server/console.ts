/** The files of the console, as the build has written them: read when they are first asked for, and compressed once. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { plainReply, type Handler } from './http/exchange';
import type { Routes } from './http/router';

const TYPES: Record<string, string> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml',
};

/** Everything comes from this process. */
const POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"connect-src 'self'",
	"img-src 'self' data:",
	"frame-ancestors 'none'",
	"base-uri 'none'",
	"form-action 'none'",
].join('; ');

/** The page at `/`; without a build of the console, the one without scripts. */
export function consoleRoutes(folder: string): Routes {
	const names = namesIn(folder);
	if (!names.includes('index.html')) return { '/': { GET: () => plainReply(302, '/plain', { location: '/plain' }) } };
	return Object.fromEntries(
		names.map((name) => [name === 'index.html' ? '/' : `/${name}`, { GET: fileAt(join(folder, name)) }]),
	);
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder).filter((name) => TYPES[extname(name)] !== undefined);
	} catch {
		return [];
	}
}

function fileAt(path: string): Handler {
	let file: Promise<{ plain: Buffer; zipped: Buffer; tag: string }> | undefined;
	const extension = extname(path);
	// the names of all others change with what is in them
	const caching = extension === '.html' ? 'no-cache' : 'private, max-age=31536000, immutable';
	return async ({ headers }) => {
		file ??= load(path);
		const { plain, zipped, tag } = await file.catch((error: unknown) => {
			file = undefined;
			throw error;
		});
		const told = { 'cache-control': caching, 'content-security-policy': POLICY, etag: tag, vary: 'accept-encoding' };
		const type = TYPES[extension]!;
		if (headers['if-none-match'] === tag) return { status: 304, type, body: '', headers: told };
		const isZipped = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
		if (!isZipped) return { status: 200, type, body: plain, headers: told };
		return { status: 200, type, body: zipped, headers: { ...told, 'content-encoding': 'gzip' } };
	};
}

async function load(path: string) {
	const plain = await readFile(path);
	const tag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
	return { plain, zipped: await promisify(gzip)(plain, { level: 9 }), tag };
}
