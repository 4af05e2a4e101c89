/** The socket for commands, over real files. */
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { socketDoor } from '../../../forwarder/server/http/doors';
import { jsonReply } from '../../../forwarder/server/http/exchange';
import { openSocket, socketPath, type ControlSocket } from '../../../forwarder/server/socket';

const options = {
	routes: { '/who': { GET: ({ authority, by }: { authority: string; by: string }) => jsonReply({ authority, by }) } },
	door: socketDoor,
};

let folder: string;
const open: ControlSocket[] = [];
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'socket-'))));
afterEach(async () => {
	await Promise.all(open.splice(0).map((one) => one.close()));
	rmSync(folder, { recursive: true });
});

const place = () => ({
	statePath: join(folder, 'audit-relay.db'),
	configPath: join(folder, 'audit-relay.yaml'),
	env: {},
});

async function opened(at: Parameters<typeof openSocket>[0] = place()): Promise<ControlSocket> {
	const socket = await openSocket(at, options);
	open.push(socket);
	return socket;
}

function ask(path: string, headers: Record<string, string> = {}): Promise<unknown> {
	return new Promise((resolve, reject) => {
		request({ socketPath: path, path: '/who', headers }, (response) => {
			let text = '';
			response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
			response.on('end', () => resolve(JSON.parse(text)));
		})
			.on('error', reject)
			.end();
	});
}

test('it lies beside the state, is open to its user alone, gives him all rights, and is gone at the end', async () => {
	const before = process.umask(0);
	const socket = await opened().finally(() => process.umask(before));
	expect(socket.path).toBe(join(folder, 'audit-relay.db.sock'));
	expect(statSync(socket.path).mode & 0o777).toBe(0o600);
	expect(process.umask()).toBe(before);
	expect(await ask(socket.path, { 'audit-relay-user': 'alice' })).toEqual({ authority: 'full', by: 'alice' });
	expect(await ask(socket.path)).toEqual({ authority: 'full', by: 'socket' });
	await open.pop()!.close();
	expect(existsSync(socket.path)).toBe(false);
});

test('one that a killed process has left is replaced', async () => {
	const path = join(folder, 'left.sock');
	const dead = createServer();
	await new Promise<void>((done) => dead.listen(path, done));
	// as a kill leaves it: the file is there, and nobody listens
	const handle = (dead as unknown as { _handle: { fd: number; close(): void } })._handle;
	const { linkSync, unlinkSync } = await import('node:fs');
	linkSync(path, `${path}.kept`);
	handle.close();
	if (existsSync(path)) unlinkSync(path);
	linkSync(`${path}.kept`, path);
	const socket = await opened({ ...place(), socket: path });
	expect(await ask(socket.path)).toMatchObject({ authority: 'full' });
});

test('one of a process that lives is left alone', async () => {
	await opened();
	await expect(opened()).rejects.toThrow('audit-relay.db.sock: another process answers there');
	expect(await ask(open[0]!.path)).toMatchObject({ authority: 'full' });
});

test('a file that is not a socket is not removed', async () => {
	const path = join(folder, 'important.txt');
	writeFileSync(path, 'x');
	await expect(opened({ ...place(), socket: path })).rejects.toThrow('important.txt: is a file that is not a socket');
	expect(existsSync(path)).toBe(true);
});

test('a path that is too long for a socket: it lies in a folder of the user, the same for the process and for commands', async () => {
	const env = { XDG_RUNTIME_DIR: folder };
	const long = { ...place(), statePath: join(folder, 'x'.repeat(120)), env };
	expect(socketPath(long)).toMatch(/audit-relay\/[0-9a-f]{16}\.sock$/);
	const socket = await opened(long);
	expect(socket.path).toBe(socketPath(long));
	expect(statSync(join(folder, 'audit-relay')).mode & 0o777).toBe(0o700);
	await expect(opened({ ...place(), socket: join(folder, 'x'.repeat(120)) })).rejects.toThrow(
		/is longer than the 103 bytes/,
	);
});

test('a folder that others may write to is not used: they could have put something there', async () => {
	const env = { XDG_RUNTIME_DIR: folder };
	const { statePath: _none, ...database } = place();
	await opened({ ...database, env });
	await open.pop()!.close();
	chmodSync(join(folder, 'audit-relay'), 0o777);
	await expect(opened({ ...database, env })).rejects.toThrow(/others may write to it/);
});

test('a folder that is not there is said', async () => {
	await expect(opened({ ...place(), socket: join(folder, 'none', 'x.sock') })).rejects.toThrow(
		/none\/x\.sock: a socket cannot be made there \((ENOENT|EACCES)\)/,
	);
});
