/** Gaps and broken verdicts, looked at and acknowledged beside the process that owns the state. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addGaps } from '../../../../forwarder/cli/gaps/gaps';
import { addVerify } from '../../../../forwarder/cli/verify/verify';
import type { Store } from '../../../../forwarder/store/contract';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { runCli } from '../runCli';
import { streamOf } from '../../../support/streamOf';

const NOW = Date.parse('2026-02-11T08:02:14Z');

let file: StateFile;
let store: Store;
beforeEach(async () => {
	file = stateFile(() => NOW);
	store = file.open();
	// sources are not looked at, so no key is needed
	writeFileSync(join(file.path, '..', 'audit-relay.yaml'), 'state: { path: state.db }\n');
	const stream = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	const from = BigInt(Date.parse('2026-02-10T00:00:00Z')) * 1_000_000n;
	await stream.commit({ gaps: [{ reason: 'collection_start', to: from, detail: 'begins' }] });
	await stream.commit({ gaps: [{ reason: 'retention', from, to: from + 1n, detail: 'gone\u001b[2J' }] });
});
afterEach(() => file.remove());

const cli = (...args: string[]) => runCli(args, { cwd: join(file.path, '..') }, [addGaps, addVerify]);

test('a gap is listed until it is acknowledged; the log says who did it, and the state keeps it', async () => {
	const listed = await cli('gaps', 'list');
	expect(listed.out).toMatch(/^ID +WHEN +SOURCE +REASON +FROM +TO +DETAIL$/m);
	expect(listed.out).toMatch(/^2 +2026-02-11T08:02:14Z +dr +retention +2026-02-10T00:00:00Z .* gone\\u001b\[2J$/m);
	expect(listed.out).toMatch(/^1 gap$/m);

	const done = await cli('gaps', 'acknowledge', '2');
	expect(done).toMatchObject({ code: 0, out: '1 gap acknowledged\n' });
	expect(JSON.parse(done.err)).toMatchObject({
		level: 'info',
		msg: 'changed by hand',
		'user.name': 'ada',
		'audit_relay.what': 'gaps acknowledge: 1 gap of dr (retention)',
	});
	expect(await store.newActions()).toMatchObject([{ by: 'ada' }]);
	expect(await cli('gaps', 'list')).toMatchObject({ code: 0, out: 'no unacknowledged gaps\n' });
	const all = JSON.parse((await cli('gaps', 'list', '--all', '--json')).out) as { gaps: object[] };
	expect(all.gaps).toMatchObject([
		{ id: 2, source: 'dr', acknowledgedBy: 'ada' },
		{ id: 1, acknowledged: null },
	]);
	expect((await cli('gaps', 'list', '--all')).out).toMatch(/ACKNOWLEDGED/);

	expect(await cli('gaps', 'acknowledge', '2')).toMatchObject({ code: 1, err: '' });
	expect(await cli('gaps', 'acknowledge', '--all')).toMatchObject({ code: 0, out: '0 gaps acknowledged\n', err: '' });
});

test('what happened is told to its end: no other command has it', async () => {
	const detail = `${'what was lost, '.repeat(20)}and what to do`;
	await streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] }).commit({
		gaps: [{ reason: 'skipped', detail }],
	});
	expect((await cli('gaps', 'list')).out).toContain(detail);
});

test('a broken verdict is acknowledged without reading anything', async () => {
	await store.verdicts({ name: 'dr', destinations: ['siem'] }).note({ verdict: 'broken', findings: [] }, [], ['x']);
	const done = await cli('verify', '--acknowledge', '--source', 'dr');
	expect(done).toMatchObject({ code: 0, out: 'dr: acknowledged\n' });
	expect(JSON.parse(done.err)).toMatchObject({
		'user.name': 'ada',
		'audit_relay.what': 'verify --acknowledge: broken verdict of dr',
	});
	expect(await cli('verify', '--acknowledge', '--json')).toMatchObject({
		code: 0,
		out: '{"acknowledged":[]}\n',
		err: '',
	});
});

test.each([
	[['gaps', 'acknowledge'], 'give the numbers of gaps, or --all'],
	[['gaps', 'acknowledge', '1', '--all'], 'not both'],
	[['gaps', 'acknowledge', '1', '--source', 'dr'], 'go with --all'],
	[['verify', '--acknowledge', '--from', '7d'], '--acknowledge reads nothing'],
])('%j is wrong usage', async (args, message) => {
	const { code, err } = await cli(...args);
	expect(code).toBe(2);
	expect(err).toContain(message);
});
