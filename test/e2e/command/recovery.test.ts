/** The real relay in this process, on a clock that the test moves: not ready by each trouble, and ready again after it. */
import { join } from 'node:path';
import { openRelay } from '../../../forwarder/cli/open';
import { createLog } from '../../../forwarder/cli/log';
import { systemIo } from '../../forwarder/cli/runCli';
import { loadConfig } from '../../../forwarder/config/load';
import type { Snapshot } from '../../../forwarder/run/snapshot';
import { statusPage } from '../../../forwarder/server/page';
import { readiness, type HealthProblem } from '../../../forwarder/server/readiness';
import { readState } from '../../../forwarder/store/sqlite/open';
import { summarize } from '../../../forwarder/store/sqlite/summary';
import { fromMillis } from '../../../core/time';
import { TestClock } from '../../forwarder/delivery/support/clock';
import { scene, type Scene } from '../../support/scene';
import { eventually, MINUTE } from '../../forwarder/server/support';

jest.setTimeout(90_000);

let here: Scene;
let clock: TestClock;
let log: string;
let end: () => Promise<void>;
let view: () => Promise<Snapshot>;

beforeEach(async () => {
	clock = new TestClock();
	log = '';
	here = await scene({ clock });
	here.configure((yaml) => yaml.replaceAll('6000 }', '6000, retries: 0 }'));
});
afterEach(async () => {
	await end();
	await here.end();
});

/** Runs the relay of the scene; the result says what keeps it from being ready. */
async function run(env: Record<string, string> = {}): Promise<() => Promise<HealthProblem[]>> {
	const stop = new AbortController();
	const io = systemIo({
		stderr: { write: (text: string) => (log += text) },
		env: { ...here.options.env, ...env },
		cwd: here.folder,
		clock,
		stop: stop.signal,
	});
	const config = await loadConfig(join(here.folder, 'audit-relay.yaml'), io.env, clock.now());
	const { relay, observed, close } = await openRelay(config, io, createLog(io));
	view = observed.look;
	const running = relay.run(stop.signal, 0);
	end = async () => {
		stop.abort();
		await running;
		await close();
	};
	return async () => readiness(await observed.look());
}

const named = (problems: readonly HealthProblem[]) =>
	problems.map(({ rule, source, destination }) => `${rule} ${source ?? destination ?? ''}`.trim()).sort();

/** Moves the clock a second at a time, so that polls and their requests get their turns, until it is so. */
function until(look: () => Promise<HealthProblem[]>, ...expected: string[]): Promise<HealthProblem[]> {
	return eventually(
		async () => {
			await clock.pass(1000);
			return look();
		},
		(problems) => JSON.stringify(named(problems)) === JSON.stringify(expected.sort()),
	);
}

test('not ready before the first poll, ready after it, not ready from the stop on', async () => {
	const look = await run();
	expect(named(await look())).toEqual(['starting app', 'starting dr', 'starting erp']);
	await until(look);
	const ended = end();
	expect(named(await look())).toEqual(['stopping']);
	await ended;
	end = async () => undefined;
});

test('a receiver that answers 401: halted; the next probe finds it well again', async () => {
	here.sandbox.receiver!.setAnswers(() => ({ kind: 'status', status: 401 }));
	const look = await run();
	const [problem] = await until(look, 'destination_halted siem');
	expect(problem!.message).toContain('401');
	here.sandbox.receiver!.setAnswers(undefined);
	await clock.pass(5 * MINUTE);
	await until(look);
	expect(here.sandbox.receiver!.stored).toHaveLength(54);
});

test('a key that is refused: named with what to do; ready again once the provider takes it', async () => {
	here.sandbox.arpio.server.setFaults(() => ({ kind: 'status', status: 401, body: '{"message":"Unauthorized"}' }));
	const look = await run();
	const [problem] = await until(look, 'source_refused dr');
	expect([problem!.message, problem!.fix].join()).toMatch(/401.*The key is not accepted: check /);
	here.sandbox.arpio.server.setFaults(undefined);
	await clock.pass(5 * MINUTE);
	await until(look);
});

test('a provider that is down: frozen after lateness and 5 minutes, ready again when it is back', async () => {
	const look = await run();
	await until(look);
	here.sandbox.arcus.server.setFaults(() => ({ kind: 'status', status: 503 }));
	await clock.pass(6 * MINUTE);
	const [problem] = await until(look, 'watermark_frozen erp');
	expect(problem!.message).toMatch(/behind, more than 600 s: .*503/);
	here.sandbox.arcus.server.setFaults(undefined);
	await clock.pass(5 * MINUTE);
	await until(look);
});

test('a receiver that is down: degraded after 5 minutes, not ready after 15, ready again when it is back', async () => {
	here.sandbox.receiver!.setAnswers(() => ({ kind: 'status', status: 503 }));
	const look = await run();
	await until(look);
	await clock.pass(5 * MINUTE);
	await until(look, 'destination_degraded siem');
	await clock.pass(10 * MINUTE);
	await until(look, 'destination_degraded siem', 'unacknowledged siem');
	here.sandbox.receiver!.setAnswers(undefined);
	await clock.pass(MINUTE);
	await until(look);
});

test('a receiver that is down: log, status and page say so from the first failure on, and when it is over', async () => {
	here.configure((yaml) => yaml.replaceAll('pollInterval: 1s', 'pollInterval: 60s'));
	here.sandbox.receiver!.setAnswers(() => ({ kind: 'status', status: 503 }));
	await run();
	/** As `status` sees it: the state file, beside the running process. */
	const stored = () => {
		const db = readState(join(here.folder, 'audit-relay.db'));
		const { destinations } = summarize(db);
		db.close();
		return destinations;
	};
	const failing = async () => (await view()).destinations[0]!;
	const said = (text: string) => log.split('\n').filter((line) => line.includes(text));
	await eventually(
		async () => {
			await clock.pass(100);
			return failing();
		},
		({ state }) => state === 'failing',
	);
	const { since } = await failing();
	const lastError = 'status 503';
	expect(stored()).toMatchObject([{ name: 'siem', state: 'failing', since: fromMillis(since), lastError }]);
	expect(statusPage(await view(), [], '1')).toMatch(
		/<td class="warn">failing<\/td><td>2026-11-20T12:00:\d\dZ<\/td>.*status 503/,
	);
	const [first] = said('accepts nothing');
	const address = new URL(here.sandbox.receiver!.url).origin;
	expect(JSON.parse(first!)).toMatchObject({
		level: 'warn',
		'audit_relay.destination': 'siem',
		'url.full': address,
		'exception.message': lastError,
	});

	await clock.pass(7 * MINUTE);
	expect(said('accepts nothing')).toHaveLength(3);
	expect(stored()).toMatchObject([{ state: 'failing', since: fromMillis(since) }]);

	here.sandbox.receiver!.setAnswers(undefined);
	await eventually(
		async () => {
			await clock.pass(100);
			return stored();
		},
		([siem]) => siem!.state === 'ok',
	);
	const [over] = said('accepts events again');
	const fields = JSON.parse(over!) as Record<string, number>;
	expect(fields['audit_relay.outage_seconds']).toBeGreaterThanOrEqual(7 * 60);
	expect(fields['audit_relay.waiting_records']).toBeGreaterThan(0);
});

test('a pause that a provider orders is counted, and shown while it lasts, for that provider only', async () => {
	here.sandbox.arcus.server.setFaults((number) =>
		number === 1 ? { kind: 'throttled', retryAfter: { seconds: 30 } } : undefined,
	);
	const look = await run();
	const erp = async () => (await view()).streams.find(({ name }) => name === 'erp')!;
	await eventually(
		async () => {
			await clock.pass(100);
			return erp();
		},
		({ pausedMs }) => pausedMs > 0,
	);
	expect((await erp()).pausedMs).toBeLessThanOrEqual(30_000);
	await clock.pass(MINUTE);
	await until(look);
	expect((await view()).streams.map(({ name, rateLimitedMs, pausedMs }) => [name, rateLimitedMs, pausedMs])).toEqual([
		['dr', 0, 0],
		['erp', 30_000, 0],
		['app', 0, 0],
	]);
});
