/** Dead letters exported and discarded, beside the process that owns the state. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDeadLetters } from '../../../../forwarder/cli/deadLetters/deadLetters';
import type { Store } from '../../../../forwarder/store/contract';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { runCli } from '../runCli';
import { streamOf } from '../../../support/streamOf';

const CONFIG = `state: { path: state.db }
destinations: [{ name: siem, endpoint: 'http://127.0.0.1:4318' }]
sources: [{ name: dr, provider: auditapi, apiKey: '\${env:KEY}' }]
`;

let file: StateFile;
let store: Store;
const folder = () => join(file.path, '..');
beforeEach(async () => {
	file = stateFile(() => Date.parse('2026-02-11T08:02:14Z'));
	store = file.open();
	writeFileSync(join(folder(), 'audit-relay.yaml'), CONFIG);
	const invalid = ['x', 'y'].map((id) => ({ id, raw: `{"${id}":NaN,"☁️":"\u2028"}`, reason: 'no JSON' }));
	await streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] }).commit({ invalid });
});
afterEach(() => file.remove());

const letters = (...args: string[]) =>
	runCli(['dead-letters', ...args], { cwd: folder(), env: { KEY: 'k' } }, [addDeadLetters]);
const total = async () => (JSON.parse((await letters('list', '--json')).out) as { total: number }).total;

test('an export is complete, private, and logged; the letters stay', async () => {
	const done = await letters('export', '--output', 'letters.ndjson');
	const path = join(folder(), 'letters.ndjson');
	expect(done.out).toBe(`Wrote ${path}: 2 dead letters\n`);
	expect(JSON.parse(done.err)).toMatchObject({
		'user.name': 'ada',
		'audit_relay.what': 'dead-letters export: 2 dead letters',
	});
	expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
	const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
	expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
		{ id: 1, source: 'dr', destination: null, reason: 'invalid_event', raw: '{"x":NaN,"☁️":"\u2028"}' },
		{ id: 2, eventId: 'y' },
	]);
	expect(await letters('export', '--output', 'letters.ndjson')).toMatchObject({ code: 1 });
	expect((await letters('export', '2')).out.trimEnd().split('\n')).toHaveLength(1);
	expect((await letters('export', '--reason', 'rejected')).out).toBe('');
	expect(await letters('export', '--output', 'state.db', '--force')).toMatchObject({ code: 2 });
	expect(await total()).toBe(2);
});

test('discard asks first, removes for good, and is logged', async () => {
	const asked = await letters('discard', '1');
	expect(asked).toMatchObject({ code: 2, out: '' });
	expect(asked.err).toContain(
		'1 dead letter (1 invalid_event of dr) removed for good\nerror: there is no terminal to ask at',
	);
	expect(await total()).toBe(2);
	const done = await letters('discard', '1', '4711', '--yes');
	expect(done).toMatchObject({ code: 1, out: expect.stringContaining('there is no such dead letter: 4711') as string });
	expect(JSON.parse(done.err)).toMatchObject({
		'audit_relay.what': 'dead-letters discard: 1 dead letter of dr',
	});
	expect((await letters('discard', '--all', '--source', 'dr', '--yes', '--json')).out).toBe(
		'{"discarded":1,"unknown":[]}\n',
	);
	expect(await total()).toBe(0);
	expect(await letters('discard', '--all', '--yes')).toMatchObject({
		code: 0,
		out: '0 dead letters discarded\n',
		err: '',
	});
	const gaps = (await store.outbox('siem').pending(0, 9)).flatMap((batch) => batch.gaps);
	expect(gaps.map(({ detail }) => detail)).toContain('1 dead letter (invalid_event): discarded by ada');
});
