/** The built command with its status server, asked as a probe, Prometheus and a person would. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { run, start, type Running } from '../../support/command';
import { scene, type Scene } from '../../support/scene';
import { eventually } from '../../forwarder/server/support';

jest.setTimeout(90_000);

let here: Scene;
let daemon: Running | undefined;
beforeEach(async () => {
	here = await scene();
	listenAt('127.0.0.1:0');
});
afterEach(async () => {
	daemon?.process.kill('SIGTERM');
	await daemon?.finished;
	daemon = undefined;
	await here.end();
});

const listenAt = (address: string) =>
	here.configure((yaml) => yaml.replace('enabled: false', `listen: ${address}\nmetrics:\n  detail: source`));

/** Starts the daemon; the result asks it for a path. */
async function started(env: Record<string, string> = {}): Promise<(path: string) => Promise<[number, string]>> {
	const running = start(['run'], { ...here.options, env: { ...here.options.env, ...env } });
	daemon = running;
	let said = '';
	running.process.stderr!.on('data', (text: string) => (said += text));
	await running.says('status server listens');
	const [, url] = /"url.full":"([^"]+)"/.exec(said)!;
	return async (path) => {
		const response = await fetch(url! + path);
		return [response.status, await response.text()];
	};
}

async function stopped(): Promise<void> {
	daemon!.process.kill('SIGTERM');
	expect(await daemon!.finished).toMatchObject({ code: 0 });
	daemon = undefined;
}

interface Answer {
	status: string;
	problems: { rule: string; source?: string; destination?: string; message: string; fix?: string }[];
}

function readyz(ask: (path: string) => Promise<[number, string]>) {
	return async () => {
		const [code, body] = await ask('/readyz');
		const { status, problems } = JSON.parse(body) as Answer;
		return {
			code,
			status,
			problems,
			named: problems.map(({ rule, source, destination }) => `${rule} ${source ?? destination}`),
		};
	};
}

test('all four paths, once everything has been shipped; no key in any of them', async () => {
	const ask = await started();
	await eventually(readyz(ask), ({ code, status }) => code === 200 && status === 'ready');
	expect(await ask('/livez')).toEqual([200, 'ok\n']);

	const metrics = await eventually(
		async () => (await ask('/metrics'))[1],
		(text) => text.includes('audit_relay_destination_records_shipped_total{destination="siem"} 54\n'),
	);
	const lines = metrics.split('\n');
	for (const name of ['dr', 'erp', 'app']) {
		const of = (metric: string) =>
			Number(
				lines
					.find((line) => line.startsWith(`${metric}{source="${name}"`))!
					.split(' ')
					.at(-1),
			);
		expect(of('audit_relay_source_events_fresh_total')).toBe(17);
		expect(of('audit_relay_source_records_shipped_total')).toBe(18);
		expect(of('audit_relay_source_gaps_total')).toBe(1);
		expect(of('audit_relay_source_state')).toBe(0);
		expect(of('audit_relay_source_oldest_unacknowledged_age_seconds')).toBe(0);
		expect(of('audit_relay_source_requests_total')).toBeGreaterThan(0);
		expect(of('audit_relay_source_watermark_lag_seconds')).toBeGreaterThan(299);
		expect(of('audit_relay_source_watermark_lag_seconds')).toBeLessThan(930);
		expect(Math.abs(of('audit_relay_source_clock_skew_seconds'))).toBeLessThan(30);
	}
	expect(lines).toContain('audit_relay_ready 1');

	const [status, page] = await ask('/plain');
	expect(status).toBe(200);
	expect(page).toMatch(/<td>erp<\/td><td>arcus-erp<\/td><td class="ok">ok<\/td>/);
	const { arpio, arcus, auditapi } = here.sandbox;
	for (const { apiKey } of [arpio, arcus, auditapi]) expect(metrics + page).not.toContain(apiKey);
});

test('a receiver that answers 401: not ready, saying which and why; ready after a restart with the right key', async () => {
	here.sandbox.receiver!.setAnswers(() => ({ kind: 'status', status: 401 }));
	let ask = await started();
	const { code, problems } = await eventually(readyz(ask), ({ named }) => named.join() === 'destination_halted siem');
	expect(code).toBe(503);
	expect(problems[0]!.message).toContain('401');
	const [, metrics] = await ask('/metrics');
	expect(metrics).toContain('audit_relay_destination_state{destination="siem"} 2\n');
	expect(metrics).toContain('audit_relay_ready 0\n');
	expect((await ask('/livez'))[0]).toBe(200);
	await stopped();

	here.sandbox.receiver!.setAnswers(undefined);
	ask = await started();
	await eventually(readyz(ask), ({ code }) => code === 200);
});

test('a wrong key: not ready for that stream only; the key is shown nowhere; ready after a restart with the right one', async () => {
	let ask = await started({ ARPIO_API_KEY: 'canaryId:canary-secret-4711' });
	const { code, problems } = await eventually(readyz(ask), ({ named }) => named.join() === 'source_refused dr');
	// the others are read: no roll-out waits for this key
	expect(code).toBe(200);
	expect([problems[0]!.message, problems[0]!.fix].join()).toMatch(/401.*check the environment variable ARPIO_API_KEY/);
	const all = await Promise.all(
		['/plain', '/readyz', '/metrics', '/livez', '/api/v1/overview', '/api/v1/sources', '/api/v1/sources/dr'].map(ask),
	);
	expect((await ask('/readyz?source=dr'))[0]).toBe(503);
	expect((await ask('/readyz?source=erp'))[0]).toBe(200);
	expect((await ask('/healthz/sources'))[1]).toMatch(/"source": "dr",\s+"status": "not_ready"/);
	expect(all.join()).not.toContain('canary-secret');
	expect(all.join()).toContain('audit_relay_source_state{source="dr"} 3\n');
	await stopped();

	ask = await started();
	await eventually(readyz(ask), ({ code }) => code === 200);
});

test('a port that is taken: exit 2, naming the key and the ways out', async () => {
	const other = createServer().listen(0, '127.0.0.1');
	await once(other, 'listening');
	listenAt(`127.0.0.1:${(other.address() as AddressInfo).port}`);
	const { code, stderr } = await run(['run'], here.options);
	expect(code).toBe(2);
	expect(stderr).toMatch(/audit-relay\.yaml server\.listen: port \d+ .* in use.*server\.enabled: false/);
	// nothing was begun that the error could have cut off
	expect(here.sandbox.receiver!.requests).toHaveLength(0);
	other.close();
});

test('a second process on the same state is told about the state, not about the port', async () => {
	const ask = await started();
	const [, page] = await ask('/livez');
	expect(page).toBe('ok\n');
	const second = await run(['run'], here.options);
	expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining('another audit-relay process') as string });
	expect(second.stderr).not.toContain('server.listen');
});

test('a pass from cron serves nothing', async () => {
	const { code, stderr } = await run(['run', '--once'], here.options);
	expect(code).toBe(0);
	expect(stderr).not.toContain('status server');
});

test('switched off: serves nothing', async () => {
	here.configure();
	daemon = start(['run'], here.options);
	await daemon.says('"msg":"started"');
	daemon.process.kill('SIGTERM');
	expect((await daemon.finished).stderr).not.toContain('status server');
});
