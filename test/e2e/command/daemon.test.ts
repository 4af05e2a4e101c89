/** The daemon as an operator meets it: started, stopped, killed, asked for its status. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { liveEvents } from '../../../sandbox/live';
import { run, start } from '../../support/command';
import { scene, type Scene } from '../../support/scene';
import { eventually } from '../../forwarder/server/support';

jest.setTimeout(60_000);

let here: Scene;
beforeEach(async () => (here = await scene()));
afterEach(() => here.end());

/** How often each event of the providers has arrived. */
function arrivals(): Record<string, number> {
	const ids = Object.entries(here.sandbox.logs).flatMap(([label, log]) => log.all().map(({ id }) => `${label}:${id}`));
	const count = Object.fromEntries(ids.map((id) => [id, 0]));
	for (const { eventName, attributes } of here.sandbox.receiver!.stored) {
		if (eventName !== 'audit_relay.gap') count[attributes['log.record.uid'] as string]! += 1;
	}
	return count;
}

const once = () => Object.fromEntries(Object.keys(arrivals()).map((id) => [id, 1]));

function pausesIn(path: string): number {
	if (!existsSync(path)) return 0;
	const db = new DatabaseSync(path, { readOnly: true });
	// the daemon may be opening it
	db.exec('PRAGMA busy_timeout = 5000');
	try {
		const isThere = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'pauses'").get();
		return isThere ? Number(db.prepare('SELECT count(*) AS n FROM pauses').get()!['n']) : 0;
	} finally {
		db.close();
	}
}

function happen(count: number): void {
	const next = liveEvents(here.sandbox.logs);
	for (let i = 0; i < count; i++) next(Date.now());
}

test('SIGTERM: what was read is shipped, the exit code is 0, and the next start goes on without loss or repeat', async () => {
	const daemon = start(['run'], here.detailed);
	await daemon.says('"audit_relay.source":"app","audit_relay.events":17');
	daemon.process.kill('SIGTERM');
	const { code, stderr } = await daemon.finished;
	expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('stopped') as string });
	happen(30);
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	expect(arrivals()).toEqual(once());
});

test('SIGTERM while the receiver is down: ends within the grace time, and nothing is lost', async () => {
	here.sandbox.receiver!.setAnswers(() => ({ kind: 'status', status: 503 }));
	const daemon = start(['run', '--grace', '300ms'], here.detailed);
	await daemon.says('"audit_relay.source":"app","audit_relay.events":17');
	const begun = Date.now();
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0 });
	// the usual grace time
	expect(Date.now() - begun).toBeLessThan(10_000);
	here.sandbox.receiver!.setAnswers(undefined);
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	expect(arrivals()).toEqual(once());
});

test('SIGKILL between the receiver storing a batch and our commit: repeats with the same id, no loss', async () => {
	let reached!: () => void;
	const stored = new Promise<void>((done) => (reached = done));
	here.sandbox.receiver!.setAnswers((number) => {
		if (number < 3) return undefined;
		reached();
		// stored, but the answer takes longer than the process lives
		return { kind: 'slow', pauseMs: 1000 };
	});
	const daemon = start(['run'], here.options);
	await stored;
	daemon.process.kill('SIGKILL');
	await daemon.finished;
	here.sandbox.receiver!.setAnswers(undefined);
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	expect(Object.keys(arrivals()).sort()).toEqual(Object.keys(once()).sort());
	expect(Math.max(...Object.values(arrivals()))).toBeLessThanOrEqual(2);
});

test('SIGKILL inside a Retry-After: the next start asks that provider for nothing, and the others at once', async () => {
	let requests = 0;
	here.sandbox.arpio.server.setFaults(() => {
		requests++;
		return { kind: 'throttled', retryAfter: { seconds: 120 } };
	});
	const daemon = start(['run'], here.options);
	const state = join(here.folder, 'audit-relay.db');
	await eventually(
		() => pausesIn(state),
		(count) => count === 1,
	);
	daemon.process.kill('SIGKILL');
	await daemon.finished;
	const before = requests;
	const next = start(['run'], here.detailed);
	happen(3);
	await next.says('"audit_relay.source":"erp","audit_relay.events":');
	await next.says('"audit_relay.source":"app","audit_relay.events":');
	next.process.kill('SIGTERM');
	expect(await next.finished).toMatchObject({ code: 0 });
	expect(requests).toBe(before);
});

test('a second process on the same state is refused; status reads beside the first', async () => {
	const daemon = start(['run'], here.detailed);
	await daemon.says('"audit_relay.source":"erp","audit_relay.events":17');
	const second = await run(['run'], here.options);
	expect(second).toMatchObject({
		code: 2,
		stderr: expect.stringContaining('another audit-relay process uses this state') as string,
	});
	const status = await run(['status', '--json'], here.options);
	const { sources } = JSON.parse(status.stdout) as { sources: { name: string; gaps: number }[] };
	expect(sources.map(({ name }) => name)).toEqual(['app', 'dr', 'erp']);
	expect((await run(['status'], here.options)).stdout).toMatch(
		/^Running: process \d+, since \S+\n[^]*^SOURCE +STATE +COMPLETE/m,
	);
	daemon.process.kill('SIGINT');
	expect(await daemon.finished).toMatchObject({ code: 0 });
});

test('the state taken over by another process: ends with 1, says why, and the next start goes on', async () => {
	const daemon = start(['run'], here.detailed);
	await daemon.says('"audit_relay.source":"app","audit_relay.events":17');
	// a lock that is lost: a file system that does not keep it, a file that somebody deleted
	rmSync(join(here.folder, 'audit-relay.db-lock'));
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	const { code, stderr } = await daemon.finished;
	expect(code).toBe(1);
	expect(stderr).toMatch(/^error: another process has taken the state file over; run one process for each/m);
	expect(stderr).not.toContain('unexpected');
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	expect(arrivals()).toEqual(once());
});

test('a receiver that is halted by a wrong key: once ends with 1 and says so, the data waits', async () => {
	here.sandbox.receiver!.setAnswers(() => ({ kind: 'status', status: 401 }));
	const { code, stderr, stdout } = await run(['run', '--once'], here.options);
	expect(code).toBe(1);
	expect(stderr).toMatch(/destination siem: .*401/);
	expect(stdout).toMatch(/^siem +halted for \d+s +0 +\d+ /m);
	here.sandbox.receiver!.setAnswers(undefined);
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	expect(arrivals()).toEqual(once());
});
