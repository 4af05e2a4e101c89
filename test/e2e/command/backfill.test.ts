/** Back-fill as an operator meets it: alone, killed, beside a daemon, into a receiver that takes no old events. */
import { run, start } from '../../support/command';
import { scene, type Scene } from '../../support/scene';
import { arpioEvent } from '../../../sandbox/arpio/events';
import { until } from '../support/wait';

jest.setTimeout(60_000);

const DAY = 86_400_000;

let here: Scene;
beforeEach(async () => {
	here = await scene();
	here.configure(newest);
});
afterEach(() => here.end());

/** The sources begin now; what the fixtures hold is the past. */
const newest = (yaml: string) => yaml.replaceAll('start: 2015-01-01T00:00:00Z', 'start: now');
/** Small pages, so that there is a middle. */
const slowly = (yaml: string) => newest(yaml).replace('pollInterval: 1s', 'pollInterval: 1s\n    pageSize: 5');

const backfill = ['backfill', '--source', 'dr', '--from', '2015-01-01'];

/** How often each event of Arpio has arrived. */
function arrivals(): number[] {
	const uids = here.sandbox.receiver!.stored.map(({ attributes }) => attributes['log.record.uid']);
	return here.sandbox.arpio.api.log.all().map(({ id }) => uids.filter((uid) => uid === `arpio:${id}`).length);
}

function addPast(count: number): void {
	const begin = Date.now() - 40 * DAY;
	for (let i = 0; i < count; i++) {
		here.sandbox.arpio.api.log.add(arpioEvent({ id: `past${i}`, micros: (begin + i * 3_600_000) * 1000 }));
	}
}

test('alone: everything before the start arrives once, with an account of it; asked again there is nothing to do', async () => {
	const { code, stdout, stderr } = await run(backfill, here.options);
	expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('back-fill of dr') as string });
	expect(stdout).toMatch(/^dr: 2015-01-01T00:00:00Z to \S+Z is complete: 17 events, \d+ pages, \d+s$/m);
	expect(new Set(arrivals())).toEqual(new Set([1]));
	const again = await run([...backfill, '--json'], here.options);
	expect(again.code).toBe(0);
	expect(JSON.parse(again.stdout)).toMatchObject({ source: 'dr', events: 0, pages: 0, complete: true, troubles: [] });
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	expect(new Set(arrivals())).toEqual(new Set([1]));
	const status = await run(['status'], here.options);
	expect(status.stdout).toMatch(/^dr +2015-01-01T00:00:00Z +\S+Z +complete$/m);
});

test('SIGKILL in the middle: the same command goes on, and everything arrives', async () => {
	here.configure(slowly);
	addPast(100);
	let reached!: () => void;
	const middle = new Promise<void>((done) => (reached = done));
	here.sandbox.receiver!.setAnswers((number) => {
		if (number < 8) return undefined;
		reached();
		// stored, but the answer takes longer than the process lives
		return { kind: 'slow', pauseMs: 1000 };
	});
	const first = start(backfill, here.options);
	await middle;
	first.process.kill('SIGKILL');
	await first.finished;
	here.sandbox.receiver!.setAnswers(undefined);
	expect(Math.min(...arrivals())).toBe(0);
	const second = await run(backfill, here.options);
	expect(second).toMatchObject({ code: 0, stderr: expect.stringContaining('resuming the back-fill') as string });
	expect(Math.min(...arrivals())).toBe(1);
	expect(Math.max(...arrivals())).toBeLessThanOrEqual(2);
});

test('SIGINT in the middle ends with 130 and says how to go on; `run` goes on', async () => {
	here.configure(slowly);
	addPast(60);
	let reached!: () => void;
	const middle = new Promise<void>((done) => (reached = done));
	here.sandbox.arpio.server.setFaults((number) => {
		if (number < 4) return undefined;
		reached();
		return { kind: 'silent' };
	});
	const first = start(backfill, here.options);
	await middle;
	first.process.kill('SIGINT');
	const { code, stderr, stdout } = await first.finished;
	expect(code).toBe(130);
	expect(stdout).toContain('is not complete');
	expect(stderr).toContain('resumes it; so does');
	here.sandbox.arpio.server.setFaults(() => undefined);
	const daemon = start(['run'], here.options);
	await daemon.says('back-fill finished');
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0 });
	expect(new Set(arrivals())).toEqual(new Set([1]));
});

test('beside a running daemon, that one does the work, and events that happen meanwhile arrive too, each once', async () => {
	// the sources begin with the daemon: their past is final only when the lateness is over
	here.configure((yaml) => slowly(yaml).replace('pageSize: 5', 'pageSize: 5\n    lateness: 2s'));
	addPast(100);
	const daemon = start(['run'], here.detailed);
	await daemon.says('started');
	const first = start([...backfill, '--json'], here.options);
	await first.says('does the work');
	here.sandbox.arpio.api.log.add(arpioEvent({ id: 'live', micros: Date.now() * 1000 }));
	const { code, stdout, stderr } = await first.finished;
	expect({ code, stderr }).toMatchObject({ code: 0 });
	expect(JSON.parse(stdout)).toMatchObject({ complete: true, events: 117 });
	await daemon.says('"audit_relay.source":"dr","audit_relay.events":1');
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0 });
	expect(new Set(arrivals())).toEqual(new Set([1]));
});

test('a daemon drops a job that is cancelled', async () => {
	const daemon = start(['run'], here.options);
	const begun = () => here.sandbox.receiver!.stored.some(({ attributes }) => attributes['audit.source'] === 'arpio');
	await until('the source has begun, as its first gap record says', begun, 60_000);
	here.sandbox.arpio.server.setFaults(() => ({ kind: 'status', status: 500 }));
	const first = start(backfill, here.options);
	await first.says('does the work');
	expect(await run(['backfill', '--source', 'dr', '--cancel'], here.options)).toMatchObject({ code: 0 });
	expect(await first.finished).toMatchObject({ code: 1, stdout: expect.stringContaining('cancelled') as string });
	expect(await run(['backfill', '--source', 'dr', '--cancel'], here.options)).toMatchObject({ code: 1 });
	daemon.process.kill('SIGTERM');
	await daemon.finished;
});

describe('a receiver that drops old events silently', () => {
	const limited = (more: string) =>
		here.configure((yaml) => newest(yaml).replace('  - name: siem', `  - name: siem\n    maxEventAge: 18h${more}`));

	test('gets none: they become dead letters, which is said before and counted after', async () => {
		limited('');
		const { code, stdout, stderr } = await run(backfill, here.options);
		expect(code).toBe(0);
		expect(stderr).toMatch(/warning: siem accepts no events older than 18h .*dead letters/);
		expect(stdout).toContain('17 events were too old for siem and are dead letters');
		expect(new Set(arrivals())).toEqual(new Set([0]));
	});

	test('gets them with the time of receipt and their own time beside it, when that was chosen', async () => {
		limited('\n    onTooOld: restamp');
		const { code, stderr } = await run(backfill, here.options);
		expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('audit.event.time') as string });
		expect(new Set(arrivals())).toEqual(new Set([1]));
		const events = here.sandbox.receiver!.stored.filter(({ eventName }) => eventName !== 'audit_relay.gap');
		const own = events.map(({ attributes }) => attributes['audit.event.time'] as string).sort();
		const micros = here.sandbox.arpio.api.log.all().map((event) => event.micros);
		expect(own.map((iso) => Date.parse(iso))).toEqual(micros.sort((a, b) => a - b).map((at) => Math.floor(at / 1000)));
	});
});

test.each([
	[['backfill'], '--source'],
	[['backfill', '--source', 'der', '--from', '1d'], 'did you mean dr'],
	[['backfill', '--source', 'dr', '--from', 'soon'], 'is not a date, an age'],
	[['backfill', '--source', 'dr', '--to', '1d'], '--to needs --from'],
	[['backfill', '--source', 'dr'], 'no unfinished back-fill'],
	[['backfill', '--source', 'dr', '--from', 'now'], 'nothing to do'],
	[['backfill', '--source', 'dr', '--from', '2d', '--to', '3d'], 'earlier than --to'],
])('%j is wrong usage', async (args, message) => {
	const { code, stderr } = await run(args, here.options);
	expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
});
