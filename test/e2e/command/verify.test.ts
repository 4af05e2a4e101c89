/** `audit-relay verify` as an operator meets it: the built command, alone and beside a running daemon. */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { run, start } from '../../support/command';
import { decodeRequest } from '../../support/otlp';
import { scene, type Scene } from '../../support/scene';

jest.setTimeout(60_000);

let here: Scene;
const remembering =
	(every = '') =>
	(yaml: string) =>
		yaml.replaceAll(/^( +)pollInterval: .*$/gm, `$&\n$1verify: { keep: 3650d${every} }`);

beforeEach(async () => {
	here = await scene();
	here.configure(remembering());
});
afterEach(() => here.end());

interface Json {
	verdict: string;
	sources: {
		source: string;
		verdict: string;
		reason?: string;
		counts: Record<string, number>;
		findings: { check: string; verdict: string; where?: { id: string }[] }[];
	}[];
}

async function verified(...args: string[]): Promise<Json & { code: number | null }> {
	const { code, stdout } = await run(['verify', '--json', ...args], here.options);
	return { code, ...(JSON.parse(stdout) as Json) };
}

test('complete: exit 0, and every source is proven', async () => {
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	const { code, verdict, sources } = await verified();
	expect({ code, verdict }).toEqual({ code: 0, verdict: 'proven' });
	expect(sources).toMatchObject(
		['dr', 'erp', 'app'].map((source) => ({
			...{ source, verdict: 'proven' },
			counts: { listed: 17, acknowledged: 17, waiting: 0, missing: 0 },
		})),
	);
	const text = await run(['verify'], here.options);
	expect(text.stdout).toContain('✓ re-walk   all 17 listed events were stored');
	expect(text.stdout).toContain('✓ chain     16 links between 17 entries, none of them broken');
});

test('an event that came later than promised, beside a running daemon: exit 1 and its id', async () => {
	const daemon = start(['run'], here.detailed);
	await Promise.all(
		['dr', 'erp', 'app'].map((name) => daemon.says(`"audit_relay.source":"${name}","audit_relay.events":17`)),
	);
	expect(await verified()).toMatchObject({ code: 0, verdict: 'proven' });
	const { log } = here.sandbox.arpio.api;
	const { raw, micros } = log.all()[5]!;
	const id = (JSON.parse(raw) as { eventId: string }).eventId;
	log.add({ id: 'late-1', micros: micros + 1, raw: raw.replace(id, 'late-1') });
	const { code, verdict, sources } = await verified();
	expect({ code, verdict }).toEqual({ code: 1, verdict: 'broken' });
	expect(sources[0]).toMatchObject({ verdict: 'broken', findings: [{ where: [{ id: 'late-1', why: 'missing' }] }] });
	expect((await run(['verify', '--source', 'dr'], here.options)).stdout).toMatch(
		/✗ dr broken[\s\S]* late-1 {2}missing/,
	);
	expect(await verified('--source', 'app')).toMatchObject({ code: 0 });
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0 });
});

test('neither proven nor contradicted: exit 3, and why', async () => {
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	const early = await verified('--source', 'dr', '--from', '2001-01-01', '--to', '2002-01-01');
	expect(early).toMatchObject({ code: 3, verdict: 'unknown' });
	here.options.env['ARPIO_API_KEY'] = 'wrong:key';
	expect(await verified()).toMatchObject({
		code: 3,
		sources: [
			{ verdict: 'unknown', reason: expect.stringMatching(/^it could not be read: .*401/) as string },
			{ verdict: 'proven' },
			{ verdict: 'proven' },
		],
	});
});

test('wrong usage: exit 2', async () => {
	expect(await run(['verify'], here.options)).toMatchObject({
		code: 2,
		stderr: expect.stringContaining('no state file yet') as string,
	});
	await run(['run', '--once'], here.options);
	for (const [args, message] of [
		[['--source', 'x'], 'there is no such source'],
		[['--from', 'soon'], '--from soon: is not a date'],
		[['--from', '1d', '--to', '2d'], '--from must be before --to'],
	] as const) {
		const { code, stderr } = await run(['verify', ...args], here.options);
		expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
	}
});

test('switched on in the configuration: the daemon ships a record for every source', async () => {
	here.configure(remembering(', every: 24h'));
	const daemon = start(['run'], here.options);
	await Promise.all(
		['dr', 'erp', 'app'].map((name) => daemon.says(`"audit_relay.source":"${name}","audit_relay.verdict":"proven"`)),
	);
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0 });
	const records = here.sandbox.receiver!.requests.flatMap(({ body }) => decodeRequest(body));
	const found = records.filter(({ eventName }) => eventName === 'audit_relay.verify');
	expect(found.map(({ attributes }) => attributes['audit.source']).sort()).toEqual(['arcus', 'arpio', 'auditapi']);
	expect(found.map(({ attributes }) => attributes['audit.verify.verdict'])).toEqual(['proven', 'proven', 'proven']);
	const db = new DatabaseSync(join(here.folder, 'audit-relay.db'), { readOnly: true });
	expect(db.prepare('SELECT DISTINCT last_verdict AS verdict FROM streams').all()).toEqual([{ verdict: 'proven' }]);
	db.close();
	const { stdout } = await run(['status', '--json'], here.options);
	expect(stdout).toContain('"lastVerdict":"proven"');
});
