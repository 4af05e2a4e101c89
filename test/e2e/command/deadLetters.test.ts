/** What a receiver refused, as an operator deals with it: through the built command, against the sandbox. */
import { run, start, type Running } from '../../support/command';
import { scene, type Scene } from '../../support/scene';

jest.setTimeout(60_000);

let here: Scene;
let daemon: Running | undefined;
/** Ids of the records that the receiver refuses. */
let poison: string[];

beforeEach(async () => {
	here = await scene();
	poison = here.sandbox.arpio.api.log
		.all()
		.slice(4, 6)
		.map(({ id }) => `arpio:${id}`);
	here.sandbox.receiver!.setAnswers((_number, { records }) => {
		const bad = records.some(({ attributes }) => poison.includes(attributes['log.record.uid'] as string));
		return bad ? { kind: 'status', status: 400, body: 'bad\u001b[2Jrecord' } : undefined;
	});
});
afterEach(async () => {
	daemon?.process.kill('SIGKILL');
	await daemon?.finished;
	daemon = undefined;
	await here.end();
});

const command = (...args: string[]) => run(args, here.options);
const once = () => command('run', '--once');
const letters = (...args: string[]) => command('dead-letters', ...args);

interface Listed {
	total: number;
	deadLetters: { id: number; eventId: string; reason: string; observed: string; destination: string }[];
}
const list = async (...args: string[]) => JSON.parse((await letters('list', '--json', ...args)).stdout) as Listed;

const events = () => here.sandbox.receiver!.stored.filter(({ eventName }) => eventName !== 'audit_relay.gap');
const arrived = (uid: string) =>
	here.sandbox.receiver!.stored.filter(({ attributes }) => attributes['log.record.uid'] === uid);

/** Looks again and again, for a bounded time. */
async function until(happened: () => boolean): Promise<void> {
	const deadline = Date.now() + 20_000;
	while (!happened()) {
		if (Date.now() > deadline) throw new Error('did not happen in time');
		await new Promise((done) => setTimeout(done, 20));
	}
}

async function bothListed(): Promise<Listed> {
	for (let tries = 0; tries < 60; tries++) {
		const listed = await list();
		if (listed.total === 2) return listed;
	}
	throw new Error('did not become dead letters in time');
}

describe('a receiver that takes a part and does not say which', () => {
	const counted = (records: readonly { attributes: Record<string, unknown> }[]) =>
		records.filter(({ attributes }) => poison.includes(attributes['log.record.uid'] as string)).length;

	test('only what it refuses is a letter', async () => {
		here.sandbox.receiver!.setAnswers((_number, { records }) => {
			const rejected = counted(records);
			return rejected > 0 ? { kind: 'partial', rejected, message: 'too long' } : undefined;
		});
		expect(await once()).toMatchObject({ code: 0 });
		const { total, deadLetters } = await list();
		expect(total).toBe(2);
		expect(deadLetters.map(({ eventId }) => `arpio:${eventId}`).sort()).toEqual([...poison].sort());
		expect(new Set(events().map(({ attributes }) => attributes['log.record.uid'])).size).toBe(49);
	});

	test('what cannot be found out is one entry, and is searched again when it is retried', async () => {
		let left = 1;
		here.sandbox.receiver!.setAnswers((_number, { records }) =>
			records.length > 10 && left-- > 0 ? { kind: 'partial', rejected: 3, message: 'quota exceeded' } : undefined,
		);
		expect(await once()).toMatchObject({ code: 0 });
		const { total, deadLetters } = await list();
		expect(total).toBe(1);
		const [entry] = deadLetters as [(typeof deadLetters)[number] & { records: number; detail: string }];
		expect(entry).toMatchObject({
			reason: 'doubtful',
			detail: expect.stringMatching(/^3 of \d+ records refused: quota/) as string,
		});
		expect(entry.records).toBeGreaterThan(1);
		const shown = await letters('show', String(entry.id));
		expect(shown.stdout).toMatch(`In doubt together: ${entry.records} records`);
		expect((await command('status')).stdout).toMatch(`${entry.records} dead letters (${entry.records} doubtful)`);
		here.sandbox.receiver!.setAnswers((_number, { records }) => {
			const rejected = counted(records);
			return rejected > 0 ? { kind: 'partial', rejected, message: 'too long' } : undefined;
		});
		expect((await letters('retry', String(entry.id))).stdout).toMatch(`${entry.records} back in the outbox`);
		expect(await once()).toMatchObject({ code: 0 });
		expect((await list()).deadLetters.every(({ reason }) => reason === 'rejected')).toBe(true);
	});
});

test('a poisoned record is isolated, listed, shown, fixed at the receiver, retried, and arrives once', async () => {
	expect(await once()).toMatchObject({ code: 0 });
	expect(events()).toHaveLength(49);
	const { total, deadLetters } = await list();
	expect(total).toBe(2);
	expect(deadLetters.map(({ eventId }) => `arpio:${eventId}`).sort()).toEqual([...poison].sort());
	const [first] = deadLetters;
	expect(first).toMatchObject({ reason: 'rejected', destination: 'siem' });

	const table = await letters('list');
	expect(table.stdout).toMatch(/^ID +WHEN +SOURCE +DESTINATION +EVENT +REASON +DETAIL$/m);
	expect(table.stdout).toMatch(/^2 dead letters$/m);
	expect(table.stdout).not.toContain('\u001b');

	const shown = await letters('show', String(first!.id));
	expect(shown).toMatchObject({ code: 0 });
	expect(shown.stdout).toContain(`event id     ${first!.eventId}`);
	expect(shown.stdout).toMatch(/^Readable\n\{\n {2}"/m);
	expect(shown.stdout).not.toContain('\u001b');
	const raw = await letters('show', String(first!.id), '--raw');
	const sent = here.sandbox.arpio.api.log.all().find(({ id }) => id === first!.eventId)!;
	expect(raw.stdout).toBe(sent.raw);

	here.sandbox.receiver!.setAnswers(undefined);
	const retried = await letters('retry', ...deadLetters.map(({ id }) => String(id)));
	expect(retried).toMatchObject({ code: 0, stdout: '2 back in the outbox; `audit-relay run` will ship them\n' });
	expect(await list()).toMatchObject({ total: 0, deadLetters: [] });
	expect(await once()).toMatchObject({ code: 0 });
	for (const uid of poison) expect(arrived(uid)).toHaveLength(1);
	expect(events()).toHaveLength(51);
});

test('retry beside a running daemon: it ships them by itself; what is refused again is a letter again', async () => {
	daemon = start(['run'], here.options);
	await until(() => events().length === 49);
	const waiting = await bothListed();
	// still refused: comes back as a letter of its own
	const again = await letters('retry', '--all', '--reason', 'rejected', '--source', 'dr');
	expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('the running process ships them') as string });
	const known = new Set(waiting.deadLetters.map(({ id }) => id));
	const next = await bothListed();
	expect(next.deadLetters.every(({ id }) => !known.has(id))).toBe(true);
	expect(next.deadLetters.map(({ observed }) => observed)).toEqual(waiting.deadLetters.map(({ observed }) => observed));
	here.sandbox.receiver!.setAnswers(undefined);
	await letters('retry', '--all');
	await until(() => events().length === 51);
	for (const uid of poison) expect(arrived(uid)).toHaveLength(1);
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0 });
});

test('events too old for a destination stay until that is changed, or --force', async () => {
	here.configure((yaml) => yaml.replace(/( +)(endpoint: .*)/, '$1$2\n$1maxEventAge: 1h'));
	expect(await once()).toMatchObject({ code: 0 });
	const { total, deadLetters } = await list('--reason', 'too_old', '--limit', '1');
	expect(total).toBe(51);
	const id = String(deadLetters[0]!.id);
	const stays = await letters('retry', id);
	expect(stays).toMatchObject({ code: 1, stdout: expect.stringMatching(/maxEventAge of siem.*--force/) as string });
	expect(await letters('retry', '--all')).toMatchObject({ code: 0 });
	expect(await list('--limit', '1')).toMatchObject({ total: 51 });
	expect(await letters('retry', id, '--force')).toMatchObject({ code: 0 });
	expect(await once()).toMatchObject({ code: 0 });
	expect(await list('--limit', '1')).toMatchObject({ total: 51 });
	here.sandbox.receiver!.setAnswers(undefined);
	here.configure();
	expect(await letters('retry', '--all')).toMatchObject({ code: 0 });
	expect(await once()).toMatchObject({ code: 0 });
	expect(events()).toHaveLength(51);
});

test('letters of a source or destination that is gone stay: their batch would stop everything else', async () => {
	expect(await once()).toMatchObject({ code: 0 });
	here.configure((yaml) => yaml.replace('name: dr', 'name: dr2'));
	const { code, stdout } = await letters('retry', '--all', '--json');
	const { letters: count, refused } = JSON.parse(stdout) as { letters: number; refused: { reason: string }[] };
	expect({ code, count }).toEqual({ code: 0, count: 0 });
	expect(refused[0]!.reason).toBe('no source "dr" is configured');
	here.configure((yaml) => yaml.replace('name: siem', 'name: lake'));
	expect((await letters('retry', '--all')).stdout).toContain('no destination "siem" is configured');
	expect(await list()).toMatchObject({ total: 2 });
});

describe('wrong usage', () => {
	test.each([
		[['retry'], 2, /give the numbers of dead letters, or --all/],
		[['retry', '1', '--all'], 2, /not both/],
		[['retry', '1', '--source', 'dr'], 2, /go with --all/],
		[['retry', 'x'], 2, /Give the number from the list/],
		[['show'], 2, /missing required argument 'id'/],
		[['show', '1'], 2, /no state file yet/],
		[['list', '--limit', '0'], 2, /from 1 to 999999/],
		[['lst'], 2, /Did you mean list/],
		[[], 2, /Usage: audit-relay dead-letters/],
	])('dead-letters %j ends with %d', async (args, code, message) => {
		const finished = await letters(...args);
		expect(finished.stderr).toMatch(message);
		expect(finished.code).toBe(code);
	});

	test('numbers that are not there end with 1', async () => {
		expect(await once()).toMatchObject({ code: 0 });
		expect(await letters('show', '4711')).toMatchObject({
			code: 1,
			stderr: expect.stringContaining('there is no dead letter 4711') as string,
		});
		expect(await letters('retry', '4711')).toMatchObject({
			code: 1,
			stdout: expect.stringContaining('(4711): there is no such dead letter') as string,
		});
	});
});
