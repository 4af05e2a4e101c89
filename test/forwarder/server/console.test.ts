/** The files of the console, as a browser asks for them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { consoleRoutes } from '../../../forwarder/server/console';
import type { Asked, WholeReply } from '../../../forwarder/server/http/exchange';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'console-'));
	writeFileSync(join(folder, 'index.html'), '<!doctype html>');
	writeFileSync(join(folder, 'main-ABC.js'), 'console.log(1)');
	writeFileSync(join(folder, 'notes.md'), 'not served');
});
afterAll(() => rmSync(folder, { recursive: true }));

const get = async (path: string, headers: Record<string, string> = {}, from = folder) =>
	(await consoleRoutes(from)[path]?.GET?.({ headers } as Asked)) as WholeReply;

test('the page may only load what this process serves, and asks for itself again each time', async () => {
	const { status, type, headers = {}, body } = await get('/');
	expect([status, type, String(body)]).toEqual([200, 'text/html; charset=utf-8', '<!doctype html>']);
	expect(headers['cache-control']).toBe('no-cache');
	expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
	expect(headers['content-security-policy']).not.toContain('unsafe');
});

test('scripts are kept for ever, and compressed for who takes that', async () => {
	const plain = await get('/main-ABC.js');
	expect([plain.type, String(plain.body)]).toEqual(['text/javascript; charset=utf-8', 'console.log(1)']);
	expect(plain.headers).toMatchObject({
		'cache-control': 'private, max-age=31536000, immutable',
		vary: 'accept-encoding',
	});
	const zipped = await get('/main-ABC.js', { 'accept-encoding': 'br, gzip' });
	expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip' });
	expect(gunzipSync(zipped.body as Buffer).toString()).toBe('console.log(1)');
});

test('what a browser has already is not sent again', async () => {
	const { headers = {} } = await get('/');
	expect(await get('/', { 'if-none-match': headers['etag']! })).toMatchObject({ status: 304, body: '' });
	expect(await get('/', { 'if-none-match': '"other"' })).toMatchObject({ status: 200 });
});

test('nothing else of the folder is served', () => {
	expect(Object.keys(consoleRoutes(folder)).sort()).toEqual(['/', '/main-ABC.js']);
});

test('without a build there is the page without scripts', async () => {
	expect(await get('/', {}, join(folder, 'none'))).toMatchObject({ status: 302, headers: { location: '/plain' } });
});
