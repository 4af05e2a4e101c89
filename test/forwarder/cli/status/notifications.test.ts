/** What status says of notifications: the process that runs knows how they are doing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addStatus } from '../../../../forwarder/cli/status/status';
import { socketDoor } from '../../../../forwarder/server/http/doors';
import { jsonReply } from '../../../../forwarder/server/http/exchange';
import { openSocket } from '../../../../forwarder/server/socket';
import { openStore } from '../../../../forwarder/store/sqlite/store';
import { runCli } from '../runCli';

let folder: string;
// short enough for the path of a socket
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'told-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const problem = {
	...{ rule: 'notification_failing', severity: 'degraded', notification: 'ops', since: '2026-11-20T11:00:00Z' },
	...{ message: 'the notification ops reaches nobody: status 404', fix: 'audit-relay notify test ops' },
};

async function status(...args: string[]) {
	writeFileSync(
		join(folder, 'audit-relay.yaml'),
		'state: { path: state.db }\nsources: [{ name: dr }]\ndestinations: [{ name: siem }]\n',
	);
	return runCli(['status', ...args], { cwd: folder }, [addStatus]);
}

test('one that reaches nobody needs attention', async () => {
	const statePath = join(folder, 'state.db');
	const store = openStore(statePath, { maxOutboxSize: 1e9, now: () => Date.now() });
	const routes = {
		'/livez': { GET: () => jsonReply({}) },
		'/readyz': { GET: () => jsonReply({ status: 'not_ready', problems: [problem] }, 503) },
	};
	const place = { statePath, configPath: join(folder, 'audit-relay.yaml'), env: {} };
	const socket = await openSocket(place, { routes, door: socketDoor });
	try {
		const { out } = await status();
		expect(out).toContain(
			'ops  the notification ops reaches nobody: status 404; since 2026-11-20T11:00:00Z; audit-relay notify test ops',
		);
		const { notifications } = JSON.parse((await status('--json')).out) as { notifications: unknown };
		const { message, since, fix } = problem;
		expect(notifications).toEqual([{ name: 'ops', message, since, fix }]);
	} finally {
		await socket.close();
	}
	// the process is there, and does not answer
	expect((await status()).out).not.toContain('ops');
	await store.close();
});
