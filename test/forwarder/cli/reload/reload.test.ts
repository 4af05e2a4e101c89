/** What `reload` says: the running process answers by its socket. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addReload } from '../../../../forwarder/cli/reload/reload';
import { socketDoor } from '../../../../forwarder/server/http/doors';
import { jsonReply, Refused } from '../../../../forwarder/server/http/exchange';
import { openSocket } from '../../../../forwarder/server/socket';
import { runCli } from '../runCli';

let folder: string;
// short enough for the path of a socket
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'read-'));
	writeFileSync(join(folder, 'audit-relay.yaml'), 'state: { path: state.db }\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const reload = () => runCli(['reload'], { cwd: folder }, [addReload]);

test('a file that is wrong as a whole: where and why, and that nothing has changed, in whole sentences', async () => {
	const wrong = 'audit-relay.yaml:1:9 state.path: must be text. Put the value in quotes.';
	const refuse = () => {
		throw new Refused(422, wrong, 'Everything goes on as before. Mend it, and reload again');
	};
	const routes = { '/livez': { GET: () => jsonReply({}) }, '/api/v1/reload': { POST: refuse } };
	const place = { statePath: join(folder, 'state.db'), configPath: join(folder, 'audit-relay.yaml'), env: {} };
	const socket = await openSocket(place, { routes, door: socketDoor });
	try {
		const { code, err } = await reload();
		expect(code).toBe(1);
		expect(err).toBe(`error: ${wrong} Everything goes on as before. Mend it, and reload again\n`);
	} finally {
		await socket.close();
	}
});

test('a process that was started with another state is not found, and that is said', async () => {
	const { code, err } = await reload();
	expect(code).toBe(1);
	expect(err).toContain('If one runs and state or control have changed in the file since it started, restart it');
});
