/** What status says that is in no state: the process that runs knows it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addStatus } from '../../../../forwarder/cli/status/status';
import { socketDoor } from '../../../../forwarder/server/http/doors';
import { jsonReply } from '../../../../forwarder/server/http/exchange';
import { openSocket } from '../../../../forwarder/server/socket';
import { openStore } from '../../../../forwarder/store/sqlite/store';
import { streamOf } from '../../../support/streamOf';
import { runCli } from '../runCli';

let folder: string;
let sources: readonly string[];
// short enough for the path of a socket
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'told-'));
	sources = ['dr'];
});
afterEach(() => rmSync(folder, { recursive: true }));

const problem = {
	...{ rule: 'notification_failing', severity: 'degraded', notification: 'ops', since: '2026-11-20T11:00:00Z' },
	...{ message: 'the notification ops reaches nobody: status 404', fix: 'audit-relay notify test ops' },
};

async function status(...args: string[]) {
	const listed = sources.map((name) => `{ name: ${name} }`).join(', ');
	writeFileSync(
		join(folder, 'audit-relay.yaml'),
		`state: { path: state.db }\nsources: [${listed}]\ndestinations: [{ name: siem }]\n`,
	);
	return runCli(['status', ...args], { cwd: folder }, [addStatus]);
}

/** Beside a process that says this of itself. */
async function beside(problems: object[], look: () => Promise<void>) {
	const statePath = join(folder, 'state.db');
	const store = openStore(statePath, { maxOutboxSize: 1e9, now: () => Date.now() });
	const routes = {
		'/livez': { GET: () => jsonReply({}) },
		'/readyz': { GET: () => jsonReply({ status: 'not_ready', problems }, 503) },
	};
	const place = { statePath, configPath: join(folder, 'audit-relay.yaml'), env: {} };
	const socket = await openSocket(place, { routes, door: socketDoor });
	try {
		await look();
	} finally {
		await socket.close();
	}
	return store;
}

test('a notification that reaches nobody needs attention', async () => {
	const store = await beside([problem], async () => {
		const { out } = await status();
		expect(out).toContain(
			'ops  the notification ops reaches nobody: status 404; since 2026-11-20T11:00:00Z; audit-relay notify test ops',
		);
		const { notifications } = JSON.parse((await status('--json')).out) as { notifications: unknown };
		const { message, since, fix } = problem;
		expect(notifications).toEqual([{ name: 'ops', message, since, fix }]);
	});
	// the process is there, and does not answer
	expect((await status()).out).not.toContain('ops');
	await store.close();
});

test('a source that a mistake keeps from being read is named, with what and the way out', async () => {
	const message = 'audit-relay.yaml:2:5 sources[0].apiKey: file keys/dr cannot be read (ENOENT). Check the path.';
	const since = '2026-11-20T11:00:00Z';
	const told = { rule: 'source_misconfigured', severity: 'degraded', since };
	const file = { ...told, message: 'conf.d/acme.yaml: the file is empty.' };
	const store = await beside([{ ...told, source: 'dr', message }, file], async () => {
		const { out } = await status();
		expect(out).toContain('1 source: 1 misconfigured');
		expect(out).toContain(`dr             ${message.slice(0, -1)}; since ${since}`);
		expect(out).toContain(`configuration  ${file.message.slice(0, -1)}; since ${since}`);
		expect((await status('--problems')).out).toMatch(/^dr +misconfigured/m);
		const { mistakes } = JSON.parse((await status('--json')).out) as { mistakes: unknown };
		expect(mistakes).toEqual([
			{ source: 'dr', message, since },
			{ message: file.message, since },
		]);
		expect((await status('--source', 'dr')).out).not.toContain('conf.d/acme.yaml');
	});
	await store.close();
});

test('what three hundred sources have for the same reason is one line, and few of them have a row', async () => {
	const names = Array.from({ length: 300 }, (_, at) => `t${String(at).padStart(3, '0')}`);
	sources = ['dr', ...names];
	const cause = 'environment variable KEY is not set. Set it.';
	const problems = names.map((source, at) => ({
		...{ rule: 'source_misconfigured', severity: 'degraded', source, cause },
		message: `audit-relay.yaml:${at + 3}:5 sources[${at}].apiKey: ${cause}`,
	}));
	const store = await beside(problems, async () => {
		const { out } = await status('--problems');
		expect(out).toContain(`t000, t001, t002, t003, t004 and 295 more  ${problems[0]!.message.slice(0, -1)}\n`);
		expect(out.match(/^t\d+ +misconfigured +- +- +- +- +- +-$/gm)).toHaveLength(8);
		expect(out).toContain('… and 292 more that were never begun\n');
	});
	await store.close();
});

test('what fails is told with what to do, as the process says it; without one, check says it', async () => {
	const told = { severity: 'not_ready', message: 'status 401' };
	const problems = [
		{ ...told, rule: 'source_refused', source: 'dr', fix: 'check the key' },
		{ ...told, rule: 'gaps', source: 'dr', fix: 'not about this' },
		{ ...told, rule: 'destination_halted', destination: 'siem', fix: 'check the headers' },
	];
	const look = async () => (await status('--problems')).out.replace(/\s+/g, ' ');
	const statePath = join(folder, 'state.db');
	const store = openStore(statePath, { maxOutboxSize: 1e9, now: () => Date.now() });
	await streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] }).commit({ start: 1n, watermark: 1n });
	await store.notePoll('dr', 'status 401');
	const lastError = { at: Date.now(), message: 'status 403' };
	await store.noteDestination('siem', { state: 'halted', since: Date.now(), lastError });
	await store.close();
	const again = await beside(problems, async () => {
		const out = await look();
		expect(out).toContain('dr the last poll failed: status 401; check the key');
		expect(out).toContain('siem accepts nothing, events wait: status 403; check the headers');
	});
	expect(await look()).toContain('dr the last poll failed: status 401; audit-relay check says what to do');
	await again.close();
});
